#include "jobs/transitions.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "jobs/enum_names.hpp"
#include "jobs/rendition_resolve.hpp"

namespace darkroom::jobs {
namespace {

constexpr auto transition_error_names = enum_names<TransitionError>(
    "wrong state", "stale lease", "unknown rendition", "unfinished renditions", "unfit original");

Transition check_lease(const Job& job, const LeaseToken& token) {
  if (job.status != JobStatus::processing || !job.lease) {
    return tl::unexpected(TransitionError::wrong_state);
  }
  if (job.lease->token != token) return tl::unexpected(TransitionError::stale_lease);
  return {};
}

bool is_sha256(std::string_view text) {
  constexpr std::size_t digits = 64;
  return text.size() == digits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Of those that count.
std::uint32_t count_outcomes(const Job& job, AttemptOutcome outcome) {
  return static_cast<std::uint32_t>(std::ranges::count_if(job.attempts, [&](const Attempt& a) {
    return a.outcome == outcome && a.number > job.forgiven_attempts;
  }));
}

/// Whether an attempt that ended so has spent something of a budget.
bool is_costly(AttemptOutcome outcome) {
  return outcome == AttemptOutcome::failed || outcome == AttemptOutcome::crashed;
}

/// How many attempts in a row, up to the last one, were handed back.
std::uint32_t handed_back_in_a_row(const Job& job) {
  const auto costly =
      std::find_if(job.attempts.rbegin(), job.attempts.rend(), [&](const Attempt& attempt) {
        return attempt.outcome != AttemptOutcome::handed_back ||
               attempt.number <= job.forgiven_attempts;
      });
  return static_cast<std::uint32_t>(costly - job.attempts.rbegin());
}

/// Forgets the oldest attempt that counts for nothing where there are too many of them.
void trim_free_attempts(Job& job) {
  const auto is_free = [&](const Attempt& attempt) {
    return attempt.number <= job.forgiven_attempts || !is_costly(attempt.outcome);
  };
  const auto free = std::ranges::count_if(job.attempts, is_free);
  if (static_cast<std::size_t>(free) < kept_free_attempts) return;
  job.attempts.erase(std::ranges::find_if(job.attempts, is_free));
}

void end_attempt(Job& job, AttemptOutcome outcome, std::optional<std::string> error,
                 Timestamp now) {
  auto& attempt = job.attempts.back();
  attempt.outcome = outcome;
  attempt.error = std::move(error);
  attempt.finished_at = now;
  job.lease.reset();
  job.updated_at = now;
}

void wait_again(Job& job, JobStatus status, Timestamp run_at) {
  job.status = status;
  job.run_at = run_at;
}

/// Takes the place in the queue that it had before, ahead of all that came later.
void wait_first(Job& job) {
  wait_again(job, JobStatus::pending, job.run_at);
}

void end_unfinished(Job& job, RenditionStatus status, std::string message, Timestamp now) {
  job.completed_at = now;
  for (auto& rendition : job.renditions) {
    if (rendition.status == RenditionStatus::completed) continue;
    rendition.status = status;
    rendition.error_message = message;
  }
  job.error_message = std::move(message);
}

void fail_for_good(Job& job, std::string message, Timestamp now) {
  job.status = JobStatus::failed;
  end_unfinished(job, RenditionStatus::failed, std::move(message), now);
}

}  // namespace

std::string_view to_string(TransitionError error) {
  return transition_error_names.name(error);
}

Job make_job(const JobId& id, const Preset& preset, Original original, Timestamp now,
             std::chrono::milliseconds ttl, JobRequest request) {
  Job job;
  job.id = id;
  job.queue = std::move(request.queue);
  job.idempotency = std::move(request.idempotency);
  job.reusable = request.reusable;
  job.priority = static_cast<std::uint8_t>(request.priority);
  job.tenant = std::move(request.tenant);
  job.batch = request.batch;
  job.metadata = std::move(request.metadata);
  job.callback_url = std::move(request.callback_url);
  job.email = std::move(request.email);
  job.public_name = std::move(request.public_name);
  job.source_url = std::move(request.source_url);
  job.request_id = std::move(request.request_id);
  job.trace_parent = std::move(request.trace_parent);
  job.not_before = request.not_before;
  job.preset = preset.name;
  job.created_at = now;
  job.updated_at = now;
  job.run_at = std::max(now, job.not_before.value_or(now));
  job.expires_at = job.run_at + ttl;
  job.original = std::move(original);
  for (const auto& spec : preset.renditions) {
    auto& rendition = job.renditions.emplace_back();
    rendition.spec = spec;
  }
  return job;
}

Transition start_attempt(Job& job, const Lease& lease, Timestamp now) {
  if (job.status != JobStatus::pending && job.status != JobStatus::retrying) {
    return tl::unexpected(TransitionError::wrong_state);
  }
  job.status = JobStatus::processing;
  job.lease = lease;
  job.updated_at = now;
  const auto number = job.attempts.empty() ? 1U : job.attempts.back().number + 1;
  trim_free_attempts(job);
  auto& attempt = job.attempts.emplace_back();
  attempt.number = number;
  attempt.worker = lease.worker.name;
  attempt.started_at = now;
  return {};
}

Transition finish_rendition(Job& job, const LeaseToken& token, const RenditionResult& result,
                            Timestamp now) {
  if (auto checked = check_lease(job, token); !checked) return checked;
  const auto found =
      std::ranges::find(job.renditions, result.name,
                        [](const Rendition& r) -> const std::string& { return r.spec.name; });
  if (found == job.renditions.end()) return tl::unexpected(TransitionError::unknown_rendition);
  found->status = RenditionStatus::completed;
  found->blob_key = result.blob_key;
  found->content_type = result.content_type;
  found->sha256 = result.sha256;
  found->bytes = result.bytes;
  found->width = result.width;
  found->height = result.height;
  found->milliseconds = result.milliseconds;
  found->error_message.reset();
  job.updated_at = now;
  return {};
}

Transition note_findings(Job& job, const LeaseToken& token, const OriginalFindings& findings,
                         Timestamp now) {
  if (auto checked = check_lease(job, token); !checked) return checked;
  if (findings.blurhash) job.original.blurhash = findings.blurhash;
  if (findings.dominant_colour) job.original.dominant_colour = findings.dominant_colour;
  job.updated_at = now;
  return {};
}

Transition take_original(Job& job, const LeaseToken& token, const Original& fetched, bool alpha,
                         Timestamp now) {
  if (auto checked = check_lease(job, token); !checked) return checked;
  const bool fits = !job.source_url.empty() && is_sha256(fetched.sha256) && fetched.bytes > 0 &&
                    fetched.blob_key == fetched_key(job, job.attempts.back().number);
  if (!fits || has_original(job)) return tl::unexpected(TransitionError::unfit_original);
  auto filename = std::move(job.original.filename);
  job.original = fetched;
  job.original.filename = std::move(filename);
  for (auto& rendition : job.renditions)
    resolve_formats({&rendition.spec, 1}, alpha);
  job.attempts.pop_back();
  job.lease.reset();
  job.updated_at = now;
  wait_again(job, JobStatus::pending, now);
  return {};
}

Transition complete(Job& job, const LeaseToken& token, Timestamp now) {
  if (auto checked = check_lease(job, token); !checked) return checked;
  const bool all_there = std::ranges::all_of(
      job.renditions, [](const Rendition& r) { return r.status == RenditionStatus::completed; });
  const bool fetched = job.source_url.empty() || has_original(job);
  if (!all_there || !fetched) return tl::unexpected(TransitionError::unfinished);
  end_attempt(job, AttemptOutcome::completed, std::nullopt, now);
  job.status = JobStatus::completed;
  job.completed_at = now;
  job.error_message.reset();
  return {};
}

Transition fail_attempt(Job& job, const LeaseToken& token, const JobError& error,
                        const RetryPolicy& policy, double random, Timestamp now) {
  if (auto checked = check_lease(job, token); !checked) return checked;
  if (error.kind == ErrorKind::environment) {
    end_attempt(job, AttemptOutcome::handed_back, error.message, now);
    auto patient = policy;
    patient.attempts = std::numeric_limits<std::uint32_t>::max();
    const auto delay = retry_delay(patient, handed_back_in_a_row(job), random);
    wait_again(job, JobStatus::retrying, now + delay.value_or(policy.max));
    return {};
  }
  end_attempt(job, AttemptOutcome::failed, error.message, now);
  if (error.kind == ErrorKind::permanent) {
    fail_for_good(job, error.message, now);
    return {};
  }
  const auto failures = count_outcomes(job, AttemptOutcome::failed);
  if (const auto delay = retry_delay(policy, failures, random)) {
    wait_again(job, JobStatus::retrying, now + *delay);
  } else {
    fail_for_good(job,
                  error.message + " (gave up after " + std::to_string(failures) +
                      (failures == 1 ? " attempt)" : " attempts)"),
                  now);
  }
  return {};
}

Transition lose_attempt(Job& job, const LeaseToken& token, const std::string& reason,
                        const RetryPolicy& policy, Timestamp now) {
  if (auto checked = check_lease(job, token); !checked) return checked;
  const std::string worker = job.attempts.back().worker;
  end_attempt(job, AttemptOutcome::crashed, reason, now);
  const auto crashes = count_outcomes(job, AttemptOutcome::crashed);
  if (crashes >= policy.crashes) {
    fail_for_good(job,
                  "The worker processing this image was lost " + std::to_string(crashes) +
                      (crashes == 1 ? " time" : " times") + ", last " + worker + ": " + reason,
                  now);
  } else {
    wait_first(job);
  }
  return {};
}

Transition interrupt_attempt(Job& job, const LeaseToken& token, const std::string& reason,
                             Timestamp now) {
  if (auto checked = check_lease(job, token); !checked) return checked;
  end_attempt(job, AttemptOutcome::interrupted, reason, now);
  wait_first(job);
  job.alone = true;
  return {};
}

Transition hand_back(Job& job, const LeaseToken& token, const std::string& reason, Timestamp now) {
  if (auto checked = check_lease(job, token); !checked) return checked;
  end_attempt(job, AttemptOutcome::handed_back, reason, now);
  wait_first(job);
  return {};
}

Transition cancel(Job& job, Timestamp now) {
  if (is_final(job.status)) return tl::unexpected(TransitionError::wrong_state);
  const std::string message = "The job was cancelled.";
  if (job.lease) end_attempt(job, AttemptOutcome::cancelled, message, now);
  job.status = JobStatus::cancelled;
  job.updated_at = now;
  end_unfinished(job, RenditionStatus::cancelled, message, now);
  return {};
}

Transition adopt_results(Job& job, const Job& donor, Timestamp now) {
  if (job.status != JobStatus::pending) return tl::unexpected(TransitionError::wrong_state);
  const bool same =
      donor.original.sha256 == job.original.sha256 &&
      std::ranges::equal(donor.renditions, job.renditions, {}, &Rendition::spec, &Rendition::spec);
  if (!same || donor.status != JobStatus::completed) {
    return tl::unexpected(TransitionError::unfinished);
  }
  job.original.blurhash = donor.original.blurhash;
  job.original.dominant_colour = donor.original.dominant_colour;
  job.renditions = donor.renditions;
  for (auto& rendition : job.renditions)
    rendition.blob_key = rendition_key(job.id, rendition.spec, 1);
  job.reused_from = donor.id;
  job.status = JobStatus::completed;
  job.completed_at = now;
  job.updated_at = now;
  return {};
}

Transition send_again(Job& job, Timestamp now) {
  if (job.status != JobStatus::failed && job.status != JobStatus::cancelled) {
    return tl::unexpected(TransitionError::wrong_state);
  }
  const auto first_due = std::max(job.created_at, job.not_before.value_or(job.created_at));
  const auto time_to_live = job.expires_at - job.sent_again_at.value_or(first_due);
  job.expires_at = now + time_to_live;
  job.sent_again_at = now;
  job.forgiven_attempts = job.attempts.empty() ? 0 : job.attempts.back().number;
  job.completed_at.reset();
  job.error_message.reset();
  for (auto& rendition : job.renditions) {
    if (rendition.status == RenditionStatus::completed) continue;
    rendition.status = RenditionStatus::pending;
    rendition.error_message.reset();
  }
  wait_again(job, JobStatus::pending, now);
  job.updated_at = now;
  return {};
}

}  // namespace darkroom::jobs
