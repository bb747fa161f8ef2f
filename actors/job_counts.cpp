#include "actors/job_counts.hpp"

#include <algorithm>

namespace darkroom::actors {
namespace {

using jobs::Attempt;
using jobs::AttemptOutcome;

AttemptOutcome outcome_before(const persistence::JobChange& change, const Attempt& attempt) {
  if (!change.before) return AttemptOutcome::running;
  const auto found = std::ranges::find(change.before->attempts, attempt.number, &Attempt::number);
  return found == change.before->attempts.end() ? AttemptOutcome::running : found->outcome;
}

bool is_new(const persistence::JobChange& change, const Attempt& attempt) {
  return !change.before || change.before->attempts.empty() ||
         change.before->attempts.back().number < attempt.number;
}

}  // namespace

void JobCounts::note(const persistence::JobChange& change) {
  if (!change.after) {
    ++removed;
    const bool cut_off = change.before && change.before->lease;
    if (cut_off) ++attempts.at(static_cast<std::size_t>(AttemptOutcome::cancelled));
    return;
  }
  const auto& job = *change.after;
  if (!change.before) ++created;
  if (!change.before && job.reused_from) ++results_reused;
  const bool was_final = change.before && is_final(change.before->status);
  if (is_final(job.status) && !was_final) ++ended.at(static_cast<std::size_t>(job.status));
  if (was_final && !is_final(job.status)) ++sent_again;
  for (const auto& attempt : job.attempts) {
    if (is_new(change, attempt)) ++attempts.at(static_cast<std::size_t>(AttemptOutcome::running));
    if (attempt.outcome != outcome_before(change, attempt)) {
      ++attempts.at(static_cast<std::size_t>(attempt.outcome));
    }
  }
}

}  // namespace darkroom::actors
