#include "nodes/worker_pool.hpp"

#include <utility>

#include <caf/send.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "actors/worker_process.hpp"
#include "nodes/command_line.hpp"
#include "nodes/stop_times.hpp"

namespace darkroom::nodes {

WorkerPool::WorkerPool(const Config& config, Options options)
    : config_(config), options_(std::move(options)), processes_(options_.count) {}

std::vector<actors::ChildSpec> WorkerPool::children(std::size_t stage) {
  std::vector<actors::ChildSpec> children;
  for (std::uint32_t number = 0; number < options_.count; ++number) {
    children.push_back({.name = name_of(number),
                        .start = [this, number](caf::actor_system& s) { return start(s, number); },
                        .stage = stage,
                        // Pictures take workers down, and that must not take the node down.
                        .vital = false,
                        .stop_timeout = config_.worker.drain_timeout + stop_times::worker_exit});
  }
  return children;
}

std::string WorkerPool::name_of(std::uint32_t number) const {
  return options_.prefix + std::to_string(number + 1);
}

caf::strong_actor_ptr WorkerPool::start(caf::actor_system& system, std::uint32_t number) {
  // The link, not what it points to: it leads to this very program even after an upgrade has
  // replaced or removed the file.
  constexpr const char* this_program = "/proc/self/exe";
  const std::scoped_lock lock{mutex_};
  // On a thread of its own: its end waits for the process's. It starts the process there, so
  // `arguments` finds the lock free.
  auto& process = processes_.at(number);
  process = system.spawn<caf::detached>(
      actors::worker_process,
      actors::WorkerProcessOptions{
          .worker = name_of(number),
          .program = this_program,
          .arguments = [this, number] { return arguments(number); },
          .wanted = false,
          .lease = config_.registry.lease,
          .silent_leases = config_.worker.silent_leases,
          .retirement = config_.worker.drain_timeout + stop_times::worker_exit});
  if (registry_) caf::anon_send(process, atom::registry_v, registry_);
  caf::anon_send(process, atom::scale_v, is_wanted(number));
  return caf::actor_cast<caf::strong_actor_ptr>(process);
}

std::vector<std::string> WorkerPool::arguments(std::uint32_t number) {
  const std::scoped_lock lock{mutex_};
  std::vector<std::string> arguments{"darkroom",
                                     "worker",
                                     "--config=none",
                                     fmt::format("--join=127.0.0.1:{}", place_->control_port),
                                     "--name=" + name_of(number),
                                     fmt::format("--parent={}", ::getpid())};
  if (!options_.node.empty()) arguments.push_back("--node=" + options_.node);
  if (!options_.queues.empty()) {
    arguments.push_back(fmt::format("--queues={}", fmt::join(options_.queues, ",")));
  }
  if (place_->data_port) arguments.push_back(fmt::format("--data-port={}", *place_->data_port));
  Config config = config_;
  config.storage_path = place_->storage_path;
  const auto settings = to_arguments(config);
  arguments.insert(arguments.end(), settings.begin(), settings.end());
  return arguments;
}

void WorkerPool::use(const actors::AttendanceActor& registry) {
  const std::scoped_lock lock{mutex_};
  registry_ = registry;
  for (const auto& process : processes_) {
    if (process) caf::anon_send(process, atom::registry_v, registry_);
  }
}

void WorkerPool::open(const Place& place) {
  const std::scoped_lock lock{mutex_};
  const bool moved = place_ && *place_ != place;
  place_ = place;
  for (std::uint32_t number = 0; number < processes_.size(); ++number) {
    if (!processes_[number]) continue;
    if (moved) caf::anon_send(processes_[number], atom::scale_v, false);
    caf::anon_send(processes_[number], atom::scale_v, is_wanted(number));
  }
}

void WorkerPool::scale_to(std::uint32_t running) {
  const std::scoped_lock lock{mutex_};
  options_.running = running;
  for (std::uint32_t number = 0; number < processes_.size(); ++number) {
    if (processes_[number]) caf::anon_send(processes_[number], atom::scale_v, is_wanted(number));
  }
}

void WorkerPool::forget() {
  const std::scoped_lock lock{mutex_};
  registry_ = nullptr;
  processes_.clear();
}

}  // namespace darkroom::nodes
