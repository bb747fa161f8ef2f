#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "actors/registry_ledger.hpp"
#include "jobs/natural_order.hpp"

namespace darkroom::actors {
namespace {

using Figures = jobs::WorkerRoster::Figures;

/// "a, b and 7 more"; `names` in order, and perhaps several times.
std::string listed(std::vector<std::string> names) {
  constexpr std::size_t shown = 20;
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, names.size()); ++i)
    text += (text.empty() ? "" : ", ") + names[i];
  if (names.size() > shown) text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

bool is_called(const Figures& worker, const std::string& name) {
  return worker.worker.name == name || worker.node == name;
}

WorkerActivity state_of(const Figures& worker, bool ails, jobs::SteadyTime::duration silence,
                        std::chrono::milliseconds lease) {
  // Heartbeats come several times in a lease.
  if (silence > lease / 2) return WorkerActivity::silent;
  if (worker.drained) return WorkerActivity::draining;
  if (ails) return WorkerActivity::ailing;
  if (!worker.accepts && !worker.has_strays) return WorkerActivity::draining;
  return worker.busy > 0 ? WorkerActivity::working : WorkerActivity::idle;
}

using Capacity = jobs::WorkerRoster::Capacity;

/// Fetches take no slots, but so many at once of a process that has slots. Returns the slots that
/// call for as many processes as `fetches` need: one, where it is not known what one fetches.
std::uint64_t slots_to_fetch(std::uint64_t fetches, const Capacity& fetchers,
                             const Capacity& workers) {
  if (fetches == 0) return 0;
  if (fetchers.workers == 0 || fetchers.slots < fetchers.workers) return 1;
  const auto at_once = fetchers.slots / fetchers.workers;
  const auto slots = workers.workers == 0 ? 1 : workers.slots / workers.workers;
  return (fetches - 1) / at_once * slots + 1;
}

std::uint64_t wanted_slots(const jobs::JobTable::Figures& queue, const Capacity& fetchers,
                           const Capacity& workers) {
  const auto running = queue.processing - queue.fetching;
  const auto slots = queue.paused ? running : running + queue.ready - queue.to_fetch;
  const auto fetches = queue.paused ? queue.fetching : queue.fetching + queue.to_fetch;
  return std::max<std::uint64_t>(slots, slots_to_fetch(fetches, fetchers, workers));
}

/// What the workers of a node have and do.
struct NodeFigures {
  Capacity capacity;
  std::map<std::string, std::uint64_t> busy;  ///< By the name of the worker.
};

NodeFigures figures_of(const jobs::WorkerRoster& roster, const std::string& node) {
  NodeFigures all;
  for (const auto& worker : roster.figures()) {
    if (worker.node != node) continue;
    ++all.capacity.workers;
    all.capacity.slots += worker.slots;
    all.busy[worker.worker.name] = worker.busy;
  }
  return all;
}

}  // namespace

std::string_view to_string(WorkerActivity state) {
  switch (state) {
    case WorkerActivity::working:
      return "working";
    case WorkerActivity::idle:
      return "idle";
    case WorkerActivity::draining:
      return "draining";
    case WorkerActivity::ailing:
      return "ailing";
    case WorkerActivity::silent:
      break;
  }
  return "silent";
}

RegistryLedger::Result<persistence::OperatorState> RegistryLedger::with_pause(
    const std::string& queue, bool paused) const {
  if (auto names = queues(); !std::ranges::binary_search(names, queue)) {
    return tl::unexpected(ServiceError{
        ServiceErrorCode::unknown_queue,
        "There is no queue \"" + queue + "\". The queues are: " + listed(std::move(names)) + "."});
  }
  auto next = decisions_;
  if (paused) {
    next.paused_queues.insert(queue);
  } else {
    next.paused_queues.erase(queue);
  }
  return next;
}

std::vector<std::string> RegistryLedger::queues() const {
  std::vector<std::string> names;
  for (auto& queue : table_.figures())
    names.push_back(std::move(queue.name));
  std::ranges::sort(names);
  return names;
}

bool RegistryLedger::would_feed(const std::string& node,
                                const std::vector<std::string>& wanted) const {
  if (is_drained(node, node)) return false;
  const auto there = queues();
  return wanted.empty() || std::ranges::any_of(wanted, [&](const std::string& queue) {
           return std::ranges::binary_search(there, queue);
         });
}

RegistryLedger::Result<persistence::OperatorState> RegistryLedger::with_drain(
    const std::string& name, bool drained) const {
  auto next = decisions_;
  const bool was_drained = next.drained.erase(name) > 0;
  if (!drained && was_drained) return next;
  const auto workers = roster_.figures();
  const auto found =
      std::ranges::find_if(workers, [&](const Figures& worker) { return is_called(worker, name); });
  if (found == workers.end() && !was_drained) {
    std::vector<std::string> names;
    for (const auto& worker : workers) {
      names.push_back(worker.worker.name);
      names.push_back(worker.node);
    }
    return tl::unexpected(ServiceError{
        ServiceErrorCode::unknown_worker,
        "No worker or node called \"" + name + "\" is here. " +
            (names.empty() ? "None is." : "Here are: " + listed(std::move(names)) + ".")});
  }
  if (drained) {
    next.drained.insert(name);
  } else if (found->drained) {
    return tl::unexpected(ServiceError{
        ServiceErrorCode::wrong_state,
        "Worker " + name + " is drained with all of its node; resume " + found->node + "."});
  }
  return next;
}

void RegistryLedger::adopt(persistence::OperatorState decisions) {
  for (const auto& queue : decisions_.paused_queues) {
    if (!decisions.paused_queues.contains(queue)) table_.set_paused(queue, false);
  }
  for (const auto& queue : decisions.paused_queues)
    table_.set_paused(queue, true);
  decisions_ = std::move(decisions);
  for (auto* roster : {&roster_, &fetchers_}) {
    roster->set_drained([this](const std::string& name, const std::string& node) {
      return is_drained(name, node);
    });
  }
}

bool RegistryLedger::is_drained(const std::string& name, const std::string& node) const {
  return decisions_.drained.contains(name) || decisions_.drained.contains(node);
}

WorkerList RegistryLedger::workers(jobs::SteadyTime now) const {
  WorkerList list;
  for (auto& worker : roster_.figures()) {
    const auto silence = now - worker.last_heard;
    const auto ailment = ailments_.find(worker.worker);
    const bool ails = ailment != ailments_.end();
    list.workers.push_back({.name = worker.worker.name,
                            .node = std::move(worker.node),
                            .version = std::move(worker.version),
                            .state = state_of(worker, ails, silence, options_.lease),
                            .drained = worker.drained,
                            .slots = worker.slots,
                            .busy = worker.busy,
                            .queues = std::move(worker.queues),
                            .joined_at = worker.joined_at,
                            .silent_ms = static_cast<std::uint64_t>(std::max<std::int64_t>(
                                0, duration_cast<std::chrono::milliseconds>(silence).count())),
                            .ailment = ails ? ailment->second : std::string{}});
  }
  std::ranges::sort(list.workers, jobs::natural_less, &WorkerStatus::name);
  list.drained.assign(decisions_.drained.begin(), decisions_.drained.end());
  return list;
}

WorkerList RegistryLedger::workers_called(const std::string& name, jobs::SteadyTime now) const {
  auto list = workers(now);
  std::erase_if(list.workers, [&](const WorkerStatus& worker) {
    return worker.name != name && worker.node != name;
  });
  return list;
}

ServiceError RegistryLedger::duplicate_worker(const std::string& name) const {
  std::string text = "Another worker called " + name + " is here";
  for (const auto& worker : roster_.figures()) {
    if (worker.worker.name != name) continue;
    text += " since " + jobs::to_rfc3339(worker.joined_at) + ", with " +
            std::to_string(worker.slots) + (worker.slots == 1 ? " slot" : " slots");
    if (worker.node != name) text += " on node " + worker.node;
  }
  return {ServiceErrorCode::duplicate_worker,
          text +
              ", and it is alive. Give this one another name (--name), or stop that one; "
              "darkroom workers list shows who is here."};
}

std::vector<QueueStatus> RegistryLedger::queue_statuses() const {
  std::vector<QueueStatus> all;
  for (auto& queue : table_.figures()) {
    const auto capacity = roster_.capacity_for(queue.name);
    const auto fetchers = fetchers_.capacity_for(queue.name);
    all.push_back({.name = std::move(queue.name),
                   .weight = queue.weight,
                   .paused = queue.paused,
                   .ready = queue.ready,
                   .to_fetch = queue.to_fetch,
                   .later = queue.later,
                   .processing = queue.processing,
                   .oldest_ready = queue.oldest,
                   .workers = capacity.workers,
                   .slots = capacity.slots,
                   .fetchers = fetchers.workers,
                   .wanted_slots = wanted_slots(queue, fetchers, capacity)});
  }
  return all;
}

Demand RegistryLedger::demand(const DemandQuery& query, jobs::Timestamp now) {
  const auto workers = figures_of(roster_, query.node);
  const auto fetchers = figures_of(fetchers_, query.node);
  Demand demand;
  for (const auto& [name, busy] : workers.busy)
    demand.running += busy;
  std::uint64_t fetches = 0;
  for (const auto& [name, busy] : fetchers.busy) {
    fetches += busy;
    // A process that only fetches must not go meanwhile: its fetches would begin anew.
    const auto slots = workers.busy.find(name);
    if (busy > 0 && (slots == workers.busy.end() || slots->second == 0)) ++demand.running;
  }
  // A node that is drained gets none of what waits.
  if (!is_drained(query.node, query.node)) {
    table_.advance(now);
    demand.waiting = table_.order().ready_for(query.queues);
    if (query.fetches) fetches += table_.fetches().ready_for(query.queues);
  }
  const auto slots = demand.running + demand.waiting;
  demand.waiting = std::max(slots, slots_to_fetch(fetches, fetchers.capacity, workers.capacity)) -
                   demand.running;
  return demand;
}

std::vector<std::string> RegistryLedger::queues_without_fetchers() const {
  std::vector<std::string> names;
  for (const auto& queue : table_.fetches().figures()) {
    if (queue.ready == 0 || queue.paused) continue;
    if (fetchers_.capacity_for(queue.name).workers == 0) names.emplace_back(queue.name);
  }
  return names;
}

}  // namespace darkroom::actors
