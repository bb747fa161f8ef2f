#include "tests/simulation/world.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace darkroom::simulation {
namespace {

SimulatedJobStore::Syncing syncing(Weakness weakness) {
  using Syncing = SimulatedJobStore::Syncing;
  switch (weakness) {
    case Weakness::sync:
      return Syncing::later;
    case Weakness::start:
      return Syncing::not_a_start;
    default:
      return Syncing::always;
  }
}

}  // namespace

World::World(std::uint64_t seed, Weakness weak)
    : weakness(weak),
      random(seed),
      plan(draw_fault_plan(random)),
      system(random, trace),
      wall([this] { return system.now(); }),
      checker(trace, wall, jobs::RetryPolicy{}, plan.touches_workers()),
      blobs(std::make_shared<SimulatedBlobStore>(wall_clock(), weak != Weakness::blobs)),
      store(std::make_shared<SimulatedJobStore>(syncing(weak))),
      network(system, random, trace) {
  checker.blob = [this](std::string_view key) -> std::optional<std::string> {
    const auto* found = blobs->find(key);
    return found == nullptr ? std::nullopt : std::optional{found->content};
  };
  blobs->removed = [this](std::string_view key) { checker.blob_removed(key); };
  store->applied = [this](const persistence::JobChange& change) { checker.applied(change); };
  store->undone = [this](const persistence::JobChange& change) { checker.undone(change); };
  using persistence::RecordChange;
  store->record_applied = [this](const RecordChange& change) { checker.record_applied(change); };
  store->record_undone = [this](const RecordChange& change) { checker.record_undone(change); };
  store->committed = [this] { checker.check_open_batches(); };
  network.set_faults(plan);
  if (weak == Weakness::token) {
    network.renew_tokens([this](const jobs::JobId& id) -> std::optional<jobs::LeaseToken> {
      const auto* job = checker.current(id);
      if (job == nullptr || !job->lease) return std::nullopt;
      return job->lease->token;
    });
  }
  trace.note(plan.describe());
}

}  // namespace darkroom::simulation
