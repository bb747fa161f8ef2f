#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor_control_block.hpp>
#include <caf/message.hpp>
#include <caf/message_id.hpp>

#include "actors/messages.hpp"
#include "actors/registry_connection.hpp"
#include "jobs/lease.hpp"
#include "tests/simulation/fault_plan.hpp"
#include "tests/simulation/virtual_system.hpp"

namespace darkroom::simulation {

/// What stands between a worker and the registry. Each connection has a stand-in for the registry,
/// which the worker talks to, and one for the worker, which the registry talks to, as CAF's network
/// layer has; requests, their answers and what is only sent all pass through them. Chance loses,
/// delays, duplicates and reorders what passes, and breaks connections. A message that is lost is
/// answered by nobody, and a broken connection is noticed by both sides, each in its own time.
class Network {
 public:
  using Process = VirtualSystem::Process;
  /// The token of the lease that the job has now, if it has one.
  using CurrentToken = std::function<std::optional<jobs::LeaseToken>(const jobs::JobId&)>;

  Network(VirtualSystem& system, SeededRandom& random, Trace& trace);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// How the worker in this process finds the registry.
  [[nodiscard]] actors::Connect connect_from(Process process);

  /// This registry listens from now on.
  void listen(actors::WorkerRegistryActor registry) { registry_ = std::move(registry); }

  /// The registry has ended: nobody listens, and its connections break.
  void stop_listening();

  /// Breaks the connections of this process, as its death does.
  void cut(Process process);

  /// From now on messages fare by `plan`.
  void set_faults(const FaultPlan& plan) { faults_ = plan; }

  /// From now on a report that crosses carries the job's current token, as if nobody checked it.
  void renew_tokens(CurrentToken current) { current_token_ = std::move(current); }

 private:
  class StandIn;
  struct Link;
  enum class Way : std::uint8_t { to_registry, to_worker };
  using Connector = caf::typed_actor<
      caf::replies_to<atom::join, std::uint32_t>::with<actors::WorkerRegistryActor>>;

  [[nodiscard]] caf::strong_actor_ptr make_stand_in(std::weak_ptr<Link> link, Way way);
  [[nodiscard]] actors::WorkerRegistryActor open(Process process);
  void pass(const std::shared_ptr<Link>& link, Way way, const caf::strong_actor_ptr& sender,
            caf::message_id id, caf::message content);
  void send(const std::shared_ptr<Link>& link, Way way, caf::message_id id, caf::message content);
  void deliver(const Link& link, Way way, caf::message_id id, const caf::message& content) const;
  void rewrite(const std::shared_ptr<Link>& link, Way way, const caf::strong_actor_ptr& sender,
               caf::message& content) const;
  void shut(const std::shared_ptr<Link>& link);

  VirtualSystem& system_;
  SeededRandom& random_;
  Trace& trace_;
  FaultPlan faults_;
  CurrentToken current_token_;
  actors::WorkerRegistryActor registry_;  ///< Invalid while nobody listens.
  Connector connector_;
  std::map<Process, std::vector<std::shared_ptr<Link>>> links_;
};

}  // namespace darkroom::simulation
