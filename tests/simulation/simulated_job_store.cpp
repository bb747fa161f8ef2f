#include "tests/simulation/simulated_job_store.hpp"

#include <algorithm>
#include <array>
#include <ranges>

namespace darkroom::simulation {
namespace {

using persistence::JobChange;
using persistence::StoreError;

const jobs::JobId& id_of(const JobChange& change) {
  return change.before ? change.before->id : change.after->id;
}

bool is_start(const JobChange& change) {
  return change.after && change.after->lease && !(change.before && change.before->lease);
}

}  // namespace

SimulatedJobStore::SimulatedJobStore(Syncing syncing)
    : syncing_(syncing), inner_(persistence::make_memory_job_store()) {}

tl::expected<void, StoreError> SimulatedJobStore::commit(const persistence::WriteSet& changes) {
  if (error_) return tl::unexpected{*error_};
  switch (fate()) {
    case Fate::crash_and_lose:
      return tl::unexpected{StoreError{.message = "the machine crashed"}};
    case Fate::crash_and_keep:
    case Fate::normal:
      break;
  }
  return apply(changes);
}

tl::expected<void, StoreError> SimulatedJobStore::apply(const persistence::WriteSet& changes) {
  if (auto written = inner_->commit(changes); !written) return written;
  for (const auto& change : changes.jobs) {
    note_unsynced(change);
    applied(change);
  }
  if (syncing_ == Syncing::later)
    unsynced_records_.insert(unsynced_records_.end(), changes.records.begin(),
                             changes.records.end());
  for (const auto& change : changes.records)
    record_applied(change);
  committed();
  return {};
}

void SimulatedJobStore::note_unsynced(const JobChange& change) {
  if (syncing_ == Syncing::later || (syncing_ == Syncing::not_a_start && is_start(change))) {
    unsynced_.push_back(change);
  } else {
    std::erase_if(unsynced_, [&](const JobChange& older) { return id_of(older) == id_of(change); });
  }
}

void SimulatedJobStore::crash() {
  for (const auto& change : std::views::reverse(unsynced_)) {
    const std::array inverse{JobChange{.before = change.after, .after = change.before}};
    (void)inner_->commit(inverse);
    undone(change);
  }
  for (auto& change : std::views::reverse(unsynced_records_)) {
    std::swap(change.before, change.after);
    (void)inner_->commit({.jobs = {}, .records = {change}});
    record_undone(change);
  }
  sync();
}

tl::expected<void, StoreError> SimulatedJobStore::put_text(std::string_view name,
                                                           std::string_view text) {
  if (error_) return tl::unexpected{*error_};
  return inner_->put_text(name, text);
}

tl::expected<void, StoreError> SimulatedJobStore::check_writable() {
  if (error_) return tl::unexpected{*error_};
  return {};
}

}  // namespace darkroom::simulation
