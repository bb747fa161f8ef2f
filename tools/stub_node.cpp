#include "tools/stub_node.hpp"

#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/io/broker.hpp>
#include <caf/io/middleman.hpp>

#include "actors/message_block.hpp"
#include "actors/messages.hpp"
#include "actors/options.hpp"
#include "actors/service_error.hpp"
#include "tools/stub_report.hpp"

namespace darkroom::tools {
namespace {

/// As few threads as an actor system can do with, since there are hundreds of them.
struct Config : caf::actor_system_config {
  Config() {
    actors::add_messages(*this);
    load<caf::io::middleman>();
    set("middleman.app-identifiers", std::vector<std::string>{actors::wire_version});
    set("middleman.attach-utility-actors", true);
    set("middleman.workers", std::size_t{0});  // Messages are read on the thread of the network.
    set("scheduler.max-threads", std::size_t{1});
    set("scheduler.policy", caf::atom("sharing"));  // Waits without polling.
  }
};

float milliseconds_since(std::int64_t start_ns, std::int64_t now_ns) {
  return static_cast<float>(now_ns - start_ns) / 1e6F;
}

}  // namespace

struct StubNode::System {
  Config config;
  caf::actor_system system{config};
};

struct StubNode::Notes {
  mutable std::mutex mutex;
  TurnaroundLog log;  ///< Guarded by the mutex; the rest is the actor's alone.

  Options options;
  jobs::WorkerId id;
  actors::WorkerRegistryActor registry;
  bool joined = false;
  std::deque<std::int64_t> reported;  ///< When; those whose slots have no new task yet.
  std::optional<std::int64_t> asked;  ///< When the heartbeat was sent that is not answered yet.

  void task_came(std::int64_t now) {
    if (reported.empty()) return;
    const std::scoped_lock lock{mutex};
    log.turnarounds.push_back({now, milliseconds_since(reported.front(), now)});
    reported.pop_front();
  }

  void heartbeat_answered(const actors::HeartbeatReply& reply) {
    const std::scoped_lock lock{mutex};
    log.lost_leases += reply.lost.size();
    if (asked) log.heartbeats.push_back(milliseconds_since(*asked, steady_nanoseconds()));
    asked.reset();
  }

  void failed(const caf::error& error) {
    const std::scoped_lock lock{mutex};
    if (log.failure.empty()) log.failure = actors::to_service_error(error).message;
  }

  void send_heartbeat(caf::io::broker* self) {
    asked = steady_nanoseconds();
    // Without leases: all tasks are reported already.
    self->send(registry, atom::heartbeat_v, actors::Heartbeat{id, options.slots, {}});
  }

  /// Runs on the thread of the network, so that no message changes threads. What is answered comes
  /// as a plain message: each request would leave a timer behind, until its time is up.
  static caf::behavior run(caf::io::broker* self, Notes* notes) {
    static const auto interval = actors::WorkerOptions{}.heartbeat;
    const auto& slots = notes->options.slots;
    const actors::WorkerHello hello{notes->id, slots, slots, {}};
    self->send(notes->registry, atom::join_v, hello,
               caf::actor_cast<actors::WorkerActor>(caf::actor{self}));
    self->delayed_send(self, notes->options.first_heartbeat, atom::tick_v);
    return {
        [=](atom::run, const actors::Task& task) {
          const auto now = steady_nanoseconds();
          notes->task_came(now);
          self->send(notes->registry, atom::finish_v, completed_report(task, notes->id));
          notes->reported.push_back(now);
        },
        // Of joining, and of each report.
        [=](atom::done) { notes->joined = true; },
        [=](atom::tick) {
          if (notes->joined) notes->send_heartbeat(self);
          self->delayed_send(self, interval, atom::tick_v);
        },
        [=](const actors::HeartbeatReply& reply) { notes->heartbeat_answered(reply); },
        [](atom::cancel, const jobs::LeaseToken&) {},
        [=](const caf::error& error) { notes->failed(error); },
    };
  }
};

StubNode::StubNode() : notes_(std::make_unique<Notes>()), system_(std::make_unique<System>()) {}

StubNode::~StubNode() = default;

tl::expected<std::unique_ptr<StubNode>, std::string> StubNode::start(const Options& options) {
  std::unique_ptr<StubNode> node{new StubNode};
  auto& notes = *node->notes_;
  auto& system = node->system_->system;
  auto registry =
      system.middleman().remote_actor<actors::WorkerRegistryActor>("127.0.0.1", options.port);
  if (!registry) {
    return tl::unexpected("node " + options.name +
                          " cannot connect: " + system.render(registry.error()));
  }
  notes.options = options;
  notes.id = {options.name, 1};
  notes.registry = std::move(*registry);
  system.middleman().spawn_broker(&Notes::run, &notes);
  return node;
}

void StubNode::add_to(TurnaroundLog& log) const {
  const std::scoped_lock lock{notes_->mutex};
  const auto& own = notes_->log;
  log.turnarounds.insert(log.turnarounds.end(), own.turnarounds.begin(), own.turnarounds.end());
  log.heartbeats.insert(log.heartbeats.end(), own.heartbeats.begin(), own.heartbeats.end());
  log.lost_leases += own.lost_leases;
  if (log.failure.empty()) log.failure = own.failure;
}

}  // namespace darkroom::tools
