#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>

#include "actors/supervisor.hpp"
#include "nodes/config.hpp"

namespace darkroom::nodes {

/// The worker processes of one node: children of its supervisor, of which as many run as are
/// wanted. Thread-safe.
class WorkerPool {
 public:
  struct Options {
    std::string prefix;         ///< Of the workers' names, before their numbers: "local-".
    std::string node;           ///< Empty: they are the service's own.
    std::uint32_t count = 1;    ///< The most that may run at once.
    std::uint32_t running = 1;  ///< As many run at first.
    std::vector<std::string> queues = {};  ///< Whose jobs they take; empty: all.
  };

  /// How a process finds its registry and its files.
  struct Place {
    std::uint16_t control_port = 0;  ///< On loopback.
    /// On loopback, where files are fetched and put; none: they are in `storage_path`.
    std::optional<std::uint16_t> data_port = {};
    std::filesystem::path storage_path;

    friend bool operator==(const Place&, const Place&) = default;
  };

  WorkerPool(const Config& config, Options options);

  /// One for each process. The specs refer to this object, which must outlive the supervisor they
  /// are given to.
  [[nodiscard]] std::vector<actors::ChildSpec> children(std::size_t stage);

  /// The registry was started, or started again.
  void use(const actors::AttendanceActor& registry);

  /// From now on processes can run, and do. Where they did in another place they are started again,
  /// each once it has finished its work.
  void open(const Place& place);

  /// So many are to run, of the lowest numbers.
  void scale_to(std::uint32_t running);

  /// Lets go of all handles, once the supervisor has ended: a handle that outlives the actor system
  /// would hang its end.
  void forget();

 private:
  [[nodiscard]] caf::strong_actor_ptr start(caf::actor_system& system, std::uint32_t number);
  [[nodiscard]] std::vector<std::string> arguments(std::uint32_t number);
  [[nodiscard]] std::string name_of(std::uint32_t number) const;
  [[nodiscard]] bool is_wanted(std::uint32_t number) const {
    return place_ && number < options_.running;
  }

  Config config_;
  Options options_;
  std::mutex mutex_;  ///< Guards all that follows, and options_.running.
  std::optional<Place> place_;
  actors::AttendanceActor registry_;
  std::vector<actors::WorkerProcessActor> processes_;  ///< By number from 0; invalid until started.
};

}  // namespace darkroom::nodes
