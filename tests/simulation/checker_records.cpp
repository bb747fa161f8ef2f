#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tests/simulation/checker.hpp"
#include "tests/simulation/job_words.hpp"

// What the checker says to each change of a record, and of the blobs it refers to.

namespace darkroom::simulation {
namespace {

using jobs::AttemptOutcome;
using jobs::Job;
using jobs::JobStatus;
using Kind = JobScript::Kind;

/// Of those that count.
std::uint32_t count(const Job& job, AttemptOutcome outcome) {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(job.attempts, [&](const jobs::Attempt& attempt) {
        return attempt.outcome == outcome && attempt.number > job.forgiven_attempts;
      }));
}

}  // namespace

void Checker::applied(const persistence::JobChange& change) {
  const auto& id = change.before ? change.before->id : change.after->id;
  trace_.note(id, fmt::format("durable: {}", describe(change.after)));
  const auto found = known_.find(id);
  if (found == known_.end()) {
    violation(id, "there is a job that nobody has created");
    return;
  }
  auto& known = found->second;
  const auto before = known.history.empty() ? jobs::SharedJob{} : known.history.back().record;
  if (!(before == change.before)) {
    violation(id, fmt::format("the registry took the record for {}, and it is {}",
                              describe(change.before), describe(before)));
  }
  if (!change.before) check_creation(known, *change.after);
  const bool had_lease = change.before && change.before->lease;
  if (change.after && change.after->lease && !had_lease) check_start(*change.after);
  check_edge(known, change.before, change.after);
  known.history.push_back({change.after});
  note_unfinished(id, change.after);
}

void Checker::add_worker(const std::string& name, std::vector<std::string> queues) {
  workers_.push_back(name);
  queues_of_.emplace(name, std::move(queues));
}

void Checker::check_start(const Job& job) {
  const auto& worker = job.lease->worker.name;
  for (const auto* name : {&job.queue, &worker}) {
    if (stopped_.contains(*name)) {
      violation(job.id, fmt::format("{} works on it, though {} was stopped", worker, *name));
    }
  }
  const auto takes = queues_of_.find(worker);
  if (takes == queues_of_.end() || takes->second.empty()) return;
  if (std::ranges::find(takes->second, job.queue) == takes->second.end()) {
    violation(job.id, fmt::format("{} works on it, and takes no job of {}", worker, job.queue));
  }
}

void Checker::undone(const persistence::JobChange& change) {
  const auto& id = change.before ? change.before->id : change.after->id;
  trace_.note(id, fmt::format("lost in the crash: {}", describe(change.after)));
  auto& history = known_.at(id).history;
  const bool relied_on = history.back().relied_on;
  history.pop_back();
  note_unfinished(id, change.before);
  if (relied_on) {
    violation(id, fmt::format("a crash undid what somebody relied on: {}", describe(change.after)));
  }
}

void Checker::note_unfinished(const jobs::JobId& id, const jobs::SharedJob& record) {
  if (record && !jobs::is_final(record->status)) {
    unfinished_.insert(id);
  } else {
    unfinished_.erase(id);
  }
}

void Checker::check_creation(const Known& known, const Job& job) {
  if (!known.history.empty()) violation(job.id, "a job that was there before was created again");
  if (jobs::is_final(job.status) && !job.reused_from) {
    violation(job.id, "a new job is finished already");
  }
  if (!job.idempotency) return;
  for (const auto* other : existing()) {
    if (other->idempotency && other->idempotency->key == job.idempotency->key) {
      violation(job.id, fmt::format("job {} has the same idempotency key {}", other->id.to_string(),
                                    job.idempotency->key));
    }
  }
}

void Checker::check_edge(Known& known, const jobs::SharedJob& before,
                         const jobs::SharedJob& after) {
  if (before && !after && !may_be_removed(known, *before)) {
    violation(before->id, "a job is gone that nobody has deleted and that has not expired");
  }
  if (!after) return;
  if (before && jobs::is_final(before->status)) check_change_of_final(known, *before, *after);
  check_budget(*after);
  if (before && before->lease && before->lease != after->lease) {
    check_end_of_attempt(*before, *after);
  }
  if (after->status == JobStatus::failed) check_failed(known, *after);
  if (after->status == JobStatus::completed) check_completed(*after);
  if (after->status == JobStatus::cancelled && !known.cancel_asked) {
    violation(after->id, "a job is cancelled, and nobody has asked for that");
  }
}

void Checker::check_change_of_final(Known& known, const Job& before, const Job& after) {
  const bool may_be_retried =
      before.status == JobStatus::failed || before.status == JobStatus::cancelled;
  // Both may be asked for before either is written.
  const bool cancelled_again = after.status == JobStatus::cancelled && known.cancel_asked;
  if (may_be_retried && (!jobs::is_final(after.status) || cancelled_again)) {
    if (retry_all_asked_ && before.status == JobStatus::failed) return;
    if (known.retries_left > 0) {
      --known.retries_left;
      return;
    }
  }
  violation(after.id,
            fmt::format("a job that was {} was changed: {}", describe(before), describe(after)));
}

bool Checker::may_be_removed(const Known& known, const Job& job) const {
  return known.removal_asked || job.expires_at <= wall_.latest();
}

void Checker::check_budget(const Job& job) {
  if (const auto failed = count(job, AttemptOutcome::failed); failed > budget_.attempts) {
    violation(job.id, fmt::format("{} attempts failed, of {} allowed", failed, budget_.attempts));
  }
  if (const auto crashed = count(job, AttemptOutcome::crashed); crashed > budget_.crashes) {
    violation(job.id, fmt::format("{} attempts crashed, of {} allowed", crashed, budget_.crashes));
  }
}

void Checker::check_end_of_attempt(const Job& before, const Job& after) {
  const auto number = before.attempts.back().number;
  const auto attempt = std::ranges::find(after.attempts, number, &jobs::Attempt::number);
  if (attempt == after.attempts.end()) return;  // It cost nothing, and is forgotten already.
  const auto found = works_.find(before.lease->token);
  const auto reported = [&](actors::JobOutcome outcome) {
    return found != works_.end() && found->second.reported.contains(outcome);
  };
  if (attempt->outcome == AttemptOutcome::completed && !reported(actors::JobOutcome::completed)) {
    violation(after.id, fmt::format("attempt {} is said to have completed, which its worker has "
                                    "not reported: a stale lease counted",
                                    number));
  }
  if (attempt->outcome == AttemptOutcome::failed && !reported(actors::JobOutcome::failed)) {
    violation(after.id, fmt::format("attempt {} is said to have failed, which its worker has not "
                                    "reported: a stale lease counted",
                                    number));
  }
  if (attempt->outcome == AttemptOutcome::crashed && found != works_.end() &&
      found->second.killed_by) {
    violation(after.id, fmt::format("attempt {} is charged with a crash that was job {}'s doing",
                                    number, found->second.killed_by->to_string()));
  }
}

void Checker::check_failed(const Known& known, const Job& job) {
  const auto kind = known.script.kind;
  const auto last = job.attempts.empty() ? AttemptOutcome::running : job.attempts.back().outcome;
  bool right = false;
  if (last == AttemptOutcome::failed) {
    const bool for_good = kind == Kind::permanent || kind == Kind::hang;
    right = for_good ||
            (kind == Kind::transient && count(job, AttemptOutcome::failed) == budget_.attempts);
  } else if (last == AttemptOutcome::crashed) {
    right = count(job, AttemptOutcome::crashed) == budget_.crashes &&
            (harmed_ || kind == Kind::poison || kind == Kind::hang);
  }
  // For its client an expired job is gone, and its original may be: that goes first where records
  // cannot be removed.
  right = right || job.expires_at <= wall_.latest();
  if (!right) {
    violation(job.id, fmt::format("a job that is {} has failed: {}", to_string(kind),
                                  job.error_message.value_or("without a word")));
  }
}

void Checker::check_completed(const Job& job) {
  for (const auto& rendition : job.renditions) {
    const auto& name = rendition.spec.name;
    const auto content = rendition_content(script(job.id), name);
    const auto found = blob(rendition.blob_key);
    if (rendition.status != jobs::RenditionStatus::completed || !found) {
      violation(job.id, fmt::format("completed, but its rendition {} is missing", name));
    } else if (*found != content || rendition.sha256 != digest(content)) {
      violation(job.id, fmt::format("completed, but rendition {} is wrong: {}", name, *found));
    }
  }
}

void Checker::blob_removed(std::string_view key) {
  const auto id = jobs::job_of_blob(key);
  const auto* job = id ? current(*id) : nullptr;
  if (job == nullptr || job->expires_at <= wall_.latest()) return;
  if (jobs::needs_blob(*job, key)) {
    violation(id, fmt::format("its blob {} is removed, which it needs", key));
  }
}

}  // namespace darkroom::simulation
