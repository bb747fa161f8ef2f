#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "actors/job_service.hpp"

namespace darkroom::http {

/// What happens to jobs, for all connections that watch: one thread asks the job service for events
/// while there are readers, and they read them here. Thread-safe.
class EventBoard {
 public:
  struct Limits {
    std::size_t readers = 512;
    std::size_t events = 4'096;  ///< That are kept for readers who lag behind.
    /// One question waits so long for an event, and the end of the service for it.
    std::chrono::milliseconds hold{500};
    std::chrono::milliseconds pause{20};     ///< Between two answers, so that bursts share one.
    std::chrono::milliseconds retry{1'000};  ///< After a question that failed.
  };

  /// `jobs` must outlive this object.
  EventBoard(actors::JobService& jobs, Limits limits);

  /// While it lives, events are asked for.
  class Reader {
   public:
    Reader(Reader&& other) noexcept : board_(std::exchange(other.board_, nullptr)) {}
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    Reader& operator=(Reader&&) = delete;
    ~Reader();

   private:
    friend class EventBoard;
    explicit Reader(EventBoard* board) : board_(board) {}
    EventBoard* board_;
  };

  /// None where there are too many.
  [[nodiscard]] std::optional<Reader> subscribe();

  using Deadline = std::chrono::steady_clock::time_point;

  /// The revision from which on every event comes to this board; waits for it until `deadline`.
  /// None where the service does not answer.
  [[nodiscard]] std::optional<std::uint64_t> position(Deadline deadline);

  struct News {
    std::vector<actors::JobEvent> events;  ///< By revision.
    std::uint64_t upto = 0;                ///< Nothing else happened up to this revision.
    bool missed = false;  ///< Something that happened behind `since`, up to `base`, is not here.
    std::uint64_t base = 0;
  };

  /// What came behind `since`; waits for something until `deadline`, and then there are no events.
  [[nodiscard]] News wait(std::uint64_t since, Deadline deadline);

  /// Readers now.
  [[nodiscard]] std::size_t readers() const;

 private:
  void leave();
  void run(const std::stop_token& stop);
  /// Waits until there are readers; false where it is to end.
  [[nodiscard]] bool wait_for_readers(const std::stop_token& stop);
  void publish(actors::JobEvents news);
  void pause(const std::stop_token& stop, std::chrono::milliseconds time);

  actors::JobService& jobs_;
  const Limits limits_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::size_t readers_ = 0;
  bool live_ = false;       ///< Every event behind `base_` is in `events_` or will come.
  std::uint64_t base_ = 0;  ///< All behind this revision, up to `upto_`, is in `events_`.
  std::uint64_t upto_ = 0;
  std::deque<actors::JobEvent> events_;
  std::jthread thread_{[this](const std::stop_token& stop) { run(stop); }};  ///< Ends first.
};

}  // namespace darkroom::http
