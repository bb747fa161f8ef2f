#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>

#include "actors/messages.hpp"
#include "tools/latencies.hpp"

namespace darkroom::tools {

/// The jobs of one phase of the benchmark, and what became of them. Shared by the clients, the
/// workers and who waits for the end.
class QueueLoad {
 public:
  using Clock = std::chrono::steady_clock;

  explicit QueueLoad(std::size_t jobs);

  [[nodiscard]] std::size_t jobs() const { return due_.size(); }

  // -- For whoever makes the jobs, one thread at a time

  [[nodiscard]] bool all_made() const { return made_ == due_.size(); }
  /// The next job; its latency counts from `due`.
  [[nodiscard]] jobs::Job make(Clock::time_point due);

  // -- For the client

  void created(const jobs::Job& job);
  [[nodiscard]] const Latencies& creates() const { return creates_; }

  // -- From any thread

  void completed();
  /// Ends the phase.
  void failed(const std::string& why);
  [[nodiscard]] bool over() const { return over_; }

  /// Waits until all jobs are completed; returns why they will never be, or nothing.
  [[nodiscard]] std::string wait();

 private:
  void end(const std::string& why);

  std::vector<Clock::time_point> due_;
  std::size_t made_ = 0;
  Latencies creates_;
  std::atomic<std::size_t> completed_{0};
  std::atomic<bool> over_{false};
  std::promise<std::string> end_;
};

/// A client that keeps `outstanding` creates under way from the moment it is made, or, with none,
/// takes the answers to those that others send in its name.
[[nodiscard]] caf::actor spawn_client(caf::actor_system& system,
                                      const actors::JobRegistryActor& registry, QueueLoad& load,
                                      std::size_t outstanding);

/// A worker that has joined and reports each task as completed, with all its renditions, the moment
/// it comes.
[[nodiscard]] actors::WorkerActor spawn_worker(caf::actor_system& system,
                                               const actors::JobRegistryActor& registry,
                                               QueueLoad& load, const std::string& name,
                                               std::uint32_t slots);

}  // namespace darkroom::tools
