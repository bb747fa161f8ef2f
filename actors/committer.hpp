#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include <tl/expected.hpp>

#include "persistence/job_store.hpp"

namespace darkroom::actors {

/// Writes batches to the job store, one at a time: while one is encoded and synced the registry
/// gathers the next. All members are for the registry's thread.
class Committer {
 public:
  using Outcome = tl::expected<void, persistence::StoreError>;

  Committer() = default;
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;
  Committer(Committer&&) = delete;
  Committer& operator=(Committer&&) = delete;
  /// Waits for the batch under way, so that nobody writes to the store afterwards.
  virtual ~Committer() = default;

  /// To be called once the outcome of the batch before was taken. See write_batch().
  virtual void start(persistence::WriteSet batch) = 0;

  /// The outcome of the batch, once; nullopt while it is under way, or where there is none.
  [[nodiscard]] virtual std::optional<Outcome> take() = 0;

  /// Waits for the outcome of the batch that was started, and takes it.
  [[nodiscard]] virtual Outcome wait() = 0;
};

/// Writes the batch; one without changes tries whether the store can be written. Does not throw.
[[nodiscard]] Committer::Outcome write_batch(persistence::JobStore& store,
                                             const persistence::WriteSet& batch);

/// On a thread of its own.
class ThreadedCommitter final : public Committer {
 public:
  /// `written` is called after each batch, on the committer's thread.
  ThreadedCommitter(std::shared_ptr<persistence::JobStore> store, std::function<void()> written);

  void start(persistence::WriteSet batch) override;
  [[nodiscard]] std::optional<Outcome> take() override;
  [[nodiscard]] Outcome wait() override;

 private:
  void run(const std::stop_token& stop);

  std::shared_ptr<persistence::JobStore> store_;
  std::function<void()> written_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<persistence::WriteSet> batch_;                               ///< Not begun yet.
  std::optional<Outcome> outcome_;                                           ///< Not taken yet.
  std::jthread thread_{[this](const std::stop_token& stop) { run(stop); }};  ///< Ends first.
};

}  // namespace darkroom::actors
