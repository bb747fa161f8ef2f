#include "tests/simulation/network.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <caf/actor_config.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/make_actor.hpp>
#include <caf/monitorable_actor.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

#include "actors/service_error.hpp"

namespace darkroom::simulation {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// What a socket on the same machine or in the same rack takes.
constexpr milliseconds longest_usual_delay{4};

template <class... Types>
bool carries(const caf::message& content, caf::atom_value first) {
  if (content.size() != sizeof...(Types) + 1 || !content.match_element<caf::atom_value>(0)) {
    return false;
  }
  if (content.get_as<caf::atom_value>(0) != first) return false;
  std::size_t position = 0;
  return (content.match_element<Types>(++position) && ...);
}

/// Heartbeats are too many to be told one by one.
std::string_view name_of(const caf::message& content) {
  if (carries<actors::Task>(content, atom::run_v)) return "task";
  if (carries<actors::RenditionReport>(content, atom::rendition_v)) return "rendition report";
  if (carries<actors::JobReport>(content, atom::finish_v)) return "report";
  return {};
}

jobs::JobId job_of(const caf::message& content) {
  if (carries<actors::Task>(content, atom::run_v)) return content.get_as<actors::Task>(1).job;
  if (carries<actors::RenditionReport>(content, atom::rendition_v)) {
    return content.get_as<actors::RenditionReport>(1).job;
  }
  return content.get_as<actors::JobReport>(1).job;
}

}  // namespace

struct Network::Link {
  Process process = 0;
  bool up = true;
  actors::WorkerRegistryActor registry;
  caf::strong_actor_ptr worker;  ///< Known from the join on.
  caf::strong_actor_ptr registry_stand_in;
  caf::strong_actor_ptr worker_stand_in;
  std::array<jobs::SteadyTime, 2> last_delivery{};  ///< By way: messages stay in order.
};

class Network::StandIn final : public caf::monitorable_actor {
 public:
  using Pass = std::function<void(const caf::strong_actor_ptr&, caf::message_id, caf::message)>;

  StandIn(caf::actor_config& config, Pass pass)
      : caf::monitorable_actor(config), pass_(std::move(pass)) {}

  using caf::monitorable_actor::enqueue;
  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    if (pass_) pass_(what->sender, what->mid, what->move_content_to_message());
  }

  /// Whoever watches hears that the connection is gone.
  void end() {
    pass_ = nullptr;
    cleanup(caf::exit_reason::remote_link_unreachable, nullptr);
  }

 private:
  Pass pass_;
};

Network::Network(VirtualSystem& system, SeededRandom& random, Trace& trace)
    : system_(system), random_(random), trace_(trace) {
  const auto answer = [](Connector::pointer, Network* network) -> Connector::behavior_type {
    return {
        [network](atom::join, std::uint32_t process) -> caf::result<actors::WorkerRegistryActor> {
          if (!network->registry_) {
            return actors::make_error({actors::ServiceErrorCode::unavailable, "nobody listens"});
          }
          return network->open(process);
        }};
  };
  connector_ = system_.place(VirtualSystem::outside, system_.actors().spawn(answer, this));
}

Network::~Network() {
  stop_listening();
}

actors::Connect Network::connect_from(Process process) {
  return
      [connector = connector_, process](actors::WorkerNodeActor::pointer worker,
                                        std::function<void(actors::WorkerRegistryActor)> connected,
                                        std::function<void(std::string)> failed) {
        worker->request(connector, 5s, atom::join_v, process)
            .then([connected = std::move(connected)](
                      actors::WorkerRegistryActor& registry) { connected(std::move(registry)); },
                  [failed = std::move(failed)](const caf::error&) { failed("nobody listens"); });
      };
}

void Network::stop_listening() {
  registry_ = nullptr;
  for (const auto& [process, links] : std::exchange(links_, {})) {
    for (const auto& link : links)
      shut(link);
  }
}

void Network::cut(Process process) {
  const auto links = links_.extract(process);
  if (links.empty()) return;
  for (const auto& link : links.mapped())
    shut(link);
}

actors::WorkerRegistryActor Network::open(Process process) {
  auto link = std::make_shared<Link>();
  link->process = process;
  link->registry = registry_;
  link->registry_stand_in = make_stand_in(link, Way::to_registry);
  link->worker_stand_in = make_stand_in(link, Way::to_worker);
  links_[process].push_back(link);
  return caf::actor_cast<actors::WorkerRegistryActor>(link->registry_stand_in);
}

caf::strong_actor_ptr Network::make_stand_in(std::weak_ptr<Link> link, Way way) {
  caf::actor_config config;
  StandIn::Pass pass = [this, link = std::move(link), way](const caf::strong_actor_ptr& sender,
                                                           caf::message_id id,
                                                           caf::message content) {
    const auto open = link.lock();
    if (open && open->up) this->pass(open, way, sender, id, std::move(content));
  };
  auto& system = system_.actors();
  return caf::make_actor<StandIn, caf::strong_actor_ptr>(system.next_actor_id(), system.node(),
                                                         &system, config, std::move(pass));
}

void Network::pass(const std::shared_ptr<Link>& link, Way way, const caf::strong_actor_ptr& sender,
                   caf::message_id id, caf::message content) {
  rewrite(link, way, sender, content);
  const auto what = name_of(content);
  if (random_.chance(faults_.lose)) {
    if (!what.empty()) trace_.note(job_of(content), fmt::format("the network loses a {}", what));
    return;
  }
  if (random_.chance(faults_.duplicate)) {
    if (!what.empty()) trace_.note(job_of(content), fmt::format("the network doubles a {}", what));
    send(link, way, id, content);
  }
  send(link, way, id, std::move(content));
}

void Network::send(const std::shared_ptr<Link>& link, Way way, caf::message_id id,
                   caf::message content) {
  auto delay = random_.between(0ms, longest_usual_delay);
  if (random_.chance(faults_.delay)) delay += random_.between(100ms, 12s);
  auto due = system_.now() + delay;
  auto& last = link->last_delivery.at(static_cast<std::size_t>(way));
  if (!faults_.reorder) due = std::max(due, last);
  last = std::max(last, due);
  system_.after(
      std::chrono::duration_cast<milliseconds>(due - system_.now()),
      [this, link, way, id, content = std::move(content)] { deliver(*link, way, id, content); });
}

void Network::deliver(const Link& link, Way way, caf::message_id id,
                      const caf::message& content) const {
  if (!link.up) return;
  if (way == Way::to_registry) {
    caf::actor_cast<caf::strong_actor_ptr>(link.registry)
        ->enqueue(link.worker_stand_in, id, content, nullptr);
  } else if (link.worker) {
    link.worker->enqueue(link.registry_stand_in, id, content, nullptr);
  }
}

void Network::rewrite(const std::shared_ptr<Link>& link, Way way,
                      const caf::strong_actor_ptr& sender, caf::message& content) const {
  if (way == Way::to_worker) return;
  if (!link->worker) link->worker = sender;
  if (carries<actors::WorkerHello, actors::WorkerActor>(content, atom::join_v)) {
    content = caf::make_message(atom::join_v, content.get_as<actors::WorkerHello>(1),
                                caf::actor_cast<actors::WorkerActor>(link->worker_stand_in));
    return;
  }
  if (!current_token_) return;
  if (carries<actors::RenditionReport>(content, atom::rendition_v)) {
    auto report = content.get_as<actors::RenditionReport>(1);
    report.token = current_token_(report.job).value_or(report.token);
    content = caf::make_message(atom::rendition_v, std::move(report));
  } else if (carries<actors::JobReport>(content, atom::finish_v)) {
    auto report = content.get_as<actors::JobReport>(1);
    report.token = current_token_(report.job).value_or(report.token);
    content = caf::make_message(atom::finish_v, std::move(report));
  }
}

void Network::shut(const std::shared_ptr<Link>& link) {
  if (!std::exchange(link->up, false)) return;
  for (const auto& stand_in : {link->registry_stand_in, link->worker_stand_in}) {
    system_.after(random_.between(0ms, 300ms), [stand_in] {
      dynamic_cast<StandIn&>(*caf::actor_cast<caf::abstract_actor*>(stand_in)).end();
    });
  }
}

}  // namespace darkroom::simulation
