#include "actors/job_log.hpp"

#include <algorithm>
#include <string>

#include <spdlog/spdlog.h>

#include "persistence/packed_batch.hpp"

namespace darkroom::actors {
namespace {

using jobs::Attempt;
using jobs::AttemptOutcome;
using jobs::Job;
using jobs::JobStatus;

std::string fields_of(const Job& job, const Attempt& attempt) {
  return fmt::format("job={} worker={} attempt={}", job.id.to_string(), attempt.worker,
                     attempt.number);
}

/// When a job that waits is tried again, as a field; empty for one that does not wait.
std::string wait_of(const Job& job) {
  if (job.status != JobStatus::retrying) return {};
  return fmt::format(" retry_in_ms={}", (job.run_at - job.updated_at).count());
}

void log_attempt(const Job& job, const Attempt& attempt) {
  const auto error = attempt.error.value_or("");
  switch (attempt.outcome) {
    // The two of each job: what is not wanted is not put together either.
    case AttemptOutcome::running:
      if (spdlog::should_log(spdlog::level::debug))
        spdlog::debug("lease granted {}", fields_of(job, attempt));
      break;
    case AttemptOutcome::completed:
      if (spdlog::should_log(spdlog::level::info))
        spdlog::info("job completed {}", fields_of(job, attempt));
      break;
    case AttemptOutcome::failed:
      spdlog::warn("attempt failed: {} {}{}", error, fields_of(job, attempt), wait_of(job));
      break;
    case AttemptOutcome::crashed:
      spdlog::warn("attempt lost: {} {}", error, fields_of(job, attempt));
      break;
    case AttemptOutcome::interrupted:
      spdlog::warn(
          "attempt lost, perhaps by no fault of the job, which runs alone from now on: {} {}",
          error, fields_of(job, attempt));
      break;
    case AttemptOutcome::cancelled:
      spdlog::info("attempt cancelled {}", fields_of(job, attempt));
      break;
    case AttemptOutcome::handed_back:
      spdlog::info("job handed back: {} {}{}", error, fields_of(job, attempt), wait_of(job));
      break;
  }
}

/// As it was before the change; null for one that has begun since.
const Attempt* earlier(const jobs::SharedJob& before, const Attempt& attempt) {
  if (!before) return nullptr;
  const auto found = std::ranges::find(before->attempts, attempt.number, &Attempt::number);
  return found == before->attempts.end() ? nullptr : &*found;
}

}  // namespace

void log_job_change(const persistence::JobChange& change) {
  if (!change.after) {
    spdlog::info("job removed job={} status={}", change.before->id.to_string(),
                 jobs::to_string(change.before->status));
    return;
  }
  const auto& job = *change.after;
  for (const auto& attempt : job.attempts) {
    const auto* before = earlier(change.before, attempt);
    if (before == nullptr || before->outcome != attempt.outcome) log_attempt(job, attempt);
  }
  const bool ended = !change.before || change.before->status != job.status;
  if (ended && job.status == JobStatus::cancelled) {
    spdlog::info("job cancelled job={}", job.id.to_string());
  }
  if (change.before && is_final(change.before->status) && !is_final(job.status)) {
    spdlog::info("job sent again job={}", job.id.to_string());
  }
  if (ended && job.status == JobStatus::failed) {
    spdlog::warn("job failed: {} job={} attempts={}", job.error_message.value_or(""),
                 job.id.to_string(), job.attempts.back().number);
  }
}

void log_batch_change(const persistence::RecordChange& change) {
  if (change.kind != persistence::Record::batch || !change.after) return;
  const auto batch = persistence::unpack_batch(*change.after);
  if (!batch) return;
  const auto before = change.before ? persistence::unpack_batch(*change.before) : jobs::Batch{};
  const bool was_complete = before && before->completed_at;
  if (!change.before)
    spdlog::info("batch created batch={} jobs={}", batch->id.to_string(), batch->total);
  if (!was_complete && batch->completed_at) {
    spdlog::info("batch completed batch={} jobs={} ms={}", batch->id.to_string(), batch->total,
                 (*batch->completed_at - batch->created_at).count());
  }
}

}  // namespace darkroom::actors
