#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "persistence/packed_batch.hpp"
#include "tests/simulation/checker.hpp"

// What the checker says of batches: completed once, and just when the last of their jobs has ended.

namespace darkroom::simulation {
namespace {

std::optional<jobs::Batch> unpacked(const std::optional<std::string>& record) {
  if (!record) return std::nullopt;
  return persistence::unpack_batch(*record).value();
}

}  // namespace

bool Checker::waits(const jobs::JobId& batch) const {
  return std::ranges::any_of(unfinished_, [&](const auto& id) {
    const auto* job = current(id);
    return job != nullptr && job->batch == batch;
  });
}

void Checker::record_applied(const persistence::RecordChange& change) {
  if (change.kind != persistence::Record::batch) return;
  const auto name = change.id.to_string();
  const auto before = unpacked(change.before);
  const auto after = unpacked(change.after);
  if (!after) {
    trace_.note(fmt::format("durable: batch {} is removed", name));
    if (before->expires_at > wall_.latest()) violation({}, "batch " + name + " is gone too early");
    batches_.erase(change.id);
    return;
  }
  if (before && before->completed_at && before->completed_at != after->completed_at) {
    violation({}, fmt::format("batch {} was completed twice", name));
  }
  const bool ended = after->completed_at && !(before && before->completed_at);
  trace_.note(fmt::format("durable: batch {} {}", name, ended ? "is completed" : "is there"));
  if (ended && waits(change.id)) {
    violation({}, fmt::format("batch {} is completed, and a job of it has not ended", name));
  }
  batches_[change.id] = after->completed_at.has_value();
}

void Checker::record_undone(const persistence::RecordChange& change) {
  if (change.kind != persistence::Record::batch) return;
  const auto batch = unpacked(change.after);
  if (batch) {
    batches_[change.id] = batch->completed_at.has_value();
  } else {
    batches_.erase(change.id);
  }
}

void Checker::check_open_batches() {
  for (const auto& [id, completed] : batches_) {
    if (completed || waits(id)) continue;
    violation({}, fmt::format("batch {} is not completed, and all of its jobs have ended",
                              id.to_string()));
  }
}

}  // namespace darkroom::simulation
