#include "actors/job_counts.hpp"

#include <algorithm>
#include <chrono>

namespace darkroom::actors {
namespace {

using jobs::Attempt;
using jobs::AttemptOutcome;
using jobs::Job;
using jobs::JobStatus;

AttemptOutcome outcome_before(const persistence::JobChange& change, const Attempt& attempt) {
  if (!change.before) return AttemptOutcome::running;
  const auto found = std::ranges::find(change.before->attempts, attempt.number, &Attempt::number);
  return found == change.before->attempts.end() ? AttemptOutcome::running : found->outcome;
}

bool is_new(const persistence::JobChange& change, const Attempt& attempt) {
  if (!change.before || change.before->attempts.empty()) return true;
  const auto last = change.before->attempts.back().number;
  // One that fetched, and was none, leaves its number to the next.
  const bool has_fetched = must_fetch(*change.before) && !must_fetch(*change.after);
  return last < attempt.number || (has_fetched && last == attempt.number);
}

/// Since when the job has waited for this attempt, which is one of its own. One that was taken back
/// has the place in the queue of its first attempt again; it did not wait while that one ran.
jobs::Timestamp ready_since(const Job& job, const Attempt& attempt) {
  auto since = job.run_at;
  for (const auto& earlier : job.attempts) {
    if (earlier.number < attempt.number && earlier.finished_at) {
      since = std::max(since, *earlier.finished_at);
    }
  }
  return since;
}

/// When the job might first run, the last time that it was sent.
jobs::Timestamp first_due(const Job& job) {
  return job.sent_again_at.value_or(
      std::max(job.created_at, job.not_before.value_or(jobs::Timestamp{})));
}

}  // namespace

void JobCounts::note(const persistence::JobChange& change) {
  if (!change.after) {
    ++removed;
    const bool cut_off = change.before && change.before->lease;
    if (cut_off) ++attempts.at(static_cast<std::size_t>(AttemptOutcome::cancelled));
    if (cut_off && must_fetch(*change.before))
      ++attempts.at(static_cast<std::size_t>(AttemptOutcome::running));
    return;
  }
  const auto& job = *change.after;
  if (!change.before) ++created;
  if (!change.before && job.reused_from) ++results_reused;
  // One that a worker fetches has its bytes later.
  if (!change.before || change.before->original.bytes == 0) original_bytes += job.original.bytes;
  const auto status = static_cast<std::size_t>(job.status);
  const bool was_final = change.before && is_final(change.before->status);
  if (is_final(job.status) && !was_final) {
    ++ended.at(status);
    if (!job.reused_from) {
      job_time.at(status).note(job.completed_at.value_or(job.updated_at) - first_due(job));
    }
  }
  if (was_final && !is_final(job.status)) ++sent_again;
  const bool was_retrying = change.before && change.before->status == JobStatus::retrying;
  if (job.status == JobStatus::retrying && !was_retrying) ++retries;
  note_attempts(change);
  note_renditions(change);
}

void JobCounts::note_attempts(const persistence::JobChange& change) {
  const auto& job = *change.after;
  // A fetch that goes well is no attempt; whether it does is known at its end.
  const bool fetches = must_fetch(job);
  for (const auto& attempt : job.attempts) {
    if (is_new(change, attempt) && !fetches) {
      ++attempts.at(static_cast<std::size_t>(AttemptOutcome::running));
      queue_time[job.queue].note(attempt.started_at - ready_since(job, attempt));
    }
    if (attempt.outcome == outcome_before(change, attempt)) continue;
    if (fetches) ++attempts.at(static_cast<std::size_t>(AttemptOutcome::running));
    const auto outcome = static_cast<std::size_t>(attempt.outcome);
    ++attempts.at(outcome);
    if (attempt.finished_at) {
      attempt_time.at(outcome).note(*attempt.finished_at - attempt.started_at);
    }
  }
}

void JobCounts::note_renditions(const persistence::JobChange& change) {
  const auto& job = *change.after;
  if (job.reused_from) return;
  for (std::size_t i = 0; i < job.renditions.size(); ++i) {
    const auto& made = job.renditions.at(i);
    if (made.status != jobs::RenditionStatus::completed) continue;
    const bool was_there =
        change.before && i < change.before->renditions.size() &&
        change.before->renditions.at(i).status == jobs::RenditionStatus::completed;
    if (was_there) continue;
    const auto is_kind = [&](const RenditionCounts& kind) {
      return kind.operation == made.spec.operation && kind.format == made.spec.format;
    };
    auto kind = std::ranges::find_if(renditions, is_kind);
    if (kind == renditions.end()) {
      kind =
          renditions.insert(kind, {.operation = made.spec.operation, .format = made.spec.format});
    }
    kind->time.note(std::chrono::milliseconds{made.milliseconds});
    kind->bytes += made.bytes;
  }
}

void JobCounts::note(const std::optional<jobs::Delivery>& before,
                     const std::optional<jobs::Delivery>& after) {
  if (!after) return;
  auto& counts = after->channel == jobs::delivery_channel::email ? emails : webhooks;
  const auto is_old = [&](const jobs::DeliveryTry& attempt) {
    return before && std::ranges::find(before->tries, attempt) != before->tries.end();
  };
  for (const auto& attempt : after->tries) {
    if (is_old(attempt)) continue;
    counts.time.note(std::chrono::milliseconds{attempt.milliseconds});
    // One that was sent again by hand meanwhile is pending, whatever came of this try.
    auto result = attempt.error.empty() ? jobs::DeliveryStatus::delivered : after->status;
    const bool is_last = &attempt == &after->tries.back();
    if (!is_last && !attempt.error.empty()) result = jobs::DeliveryStatus::pending;
    ++counts.tries.at(static_cast<std::size_t>(result));
  }
}

}  // namespace darkroom::actors
