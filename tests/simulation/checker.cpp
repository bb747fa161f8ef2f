#include "tests/simulation/checker.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace darkroom::simulation {
namespace {

using jobs::AttemptOutcome;
using jobs::Job;
using jobs::JobStatus;
using Kind = JobScript::Kind;

std::uint32_t count(const Job& job, AttemptOutcome outcome) {
  return static_cast<std::uint32_t>(
      std::ranges::count(job.attempts, outcome, &jobs::Attempt::outcome));
}

std::string describe(const std::optional<Job>& job) {
  if (!job) return "gone";
  std::string text{jobs::to_string(job->status)};
  if (!job->attempts.empty()) {
    const auto& last = job->attempts.back();
    text += fmt::format(", attempt {} of {} {}", last.number, last.worker,
                        jobs::to_string(last.outcome));
    if (last.error) text += fmt::format(" ({})", *last.error);
  }
  return text;
}

}  // namespace

Checker::Checker(Trace& trace, const WallTime& wall, jobs::RetryPolicy budget, bool harmed)
    : trace_(trace), wall_(wall), budget_(budget), harmed_(harmed) {}

void Checker::violation(const std::optional<jobs::JobId>& job, std::string what) {
  if (job) {
    trace_.note(*job, "VIOLATION: " + what);
  } else {
    trace_.note("VIOLATION: " + what);
  }
  violations_.push_back({job, std::move(what)});
}

// -- from clients --------------------------------------------------------------------------------

void Checker::asked_to_create(const jobs::JobId& id, const JobScript& script) {
  trace_.note(id, fmt::format("a client uploads a job that is {}", to_string(script.kind)));
  known_[id].script = script;
}

void Checker::acknowledged(const Job& job) {
  trace_.note(job.id, "the client is told that its job is there");
  auto& known = known_.at(job.id);
  known.acknowledged = true;
  // The answer has the job as it was asked for; in the same commit it may have begun already.
  if (known.history.empty()) {
    violation(job.id, "a job was acknowledged that is not durable");
  } else {
    known.history.front().relied_on = true;
  }
}

void Checker::was_read(const Job& job) {
  trace_.note(job.id, "a client reads: " + describe(job));
  auto& history = known_.at(job.id).history;
  const auto found = std::find_if(history.rbegin(), history.rend(),
                                  [&](const Version& version) { return version.record == job; });
  if (found == history.rend()) {
    violation(job.id, "a state was read that was never durable: " + describe(job));
  } else {
    found->relied_on = true;
  }
}

void Checker::was_missing(const jobs::JobId& id) {
  const auto& known = known_.at(id);
  trace_.note(id, "a client hears that there is no such job");
  if (!known.acknowledged || known.history.empty()) return;
  const auto& record = known.history.back().record;
  if (record && !may_be_removed(known, *record)) {
    violation(id, "a job that was acknowledged is said to be unknown");
  }
}

void Checker::asked_to_remove(const jobs::JobId& id) {
  trace_.note(id, "a client deletes the job");
  known_.at(id).removal_asked = true;
}

void Checker::removal_acknowledged(const jobs::JobId& id) {
  trace_.note(id, "the client is told that its job is deleted");
  auto& history = known_.at(id).history;
  if (history.empty() || history.back().record) {
    violation(id, "a deletion was acknowledged that is not durable");
  } else {
    history.back().relied_on = true;
  }
}

// -- from the stores -----------------------------------------------------------------------------

void Checker::applied(const persistence::JobChange& change) {
  const auto& id = change.before ? change.before->id : change.after->id;
  trace_.note(id, fmt::format("durable: {}", describe(change.after)));
  const auto found = known_.find(id);
  if (found == known_.end()) {
    violation(id, "there is a job that nobody has created");
    return;
  }
  auto& known = found->second;
  const auto before = known.history.empty() ? std::nullopt : known.history.back().record;
  if (before != change.before) {
    violation(id, fmt::format("the registry took the record for {}, and it is {}",
                              describe(change.before), describe(before)));
  }
  if (!change.before && !known.history.empty()) {
    violation(id, "a job that was there before was created again");
  }
  check_edge(known, change.before, change.after);
  known.history.push_back({change.after});
  note_unfinished(id, change.after);
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

void Checker::note_unfinished(const jobs::JobId& id, const std::optional<Job>& record) {
  if (record && !jobs::is_final(record->status)) {
    unfinished_.insert(id);
  } else {
    unfinished_.erase(id);
  }
}

void Checker::check_edge(const Known& known, const std::optional<Job>& before,
                         const std::optional<Job>& after) {
  if (before && !after && !may_be_removed(known, *before)) {
    violation(before->id, "a job is gone that nobody has deleted and that has not expired");
  }
  if (!after) return;
  if (before && jobs::is_final(before->status)) {
    violation(after->id,
              fmt::format("a job that was {} was changed: {}", describe(before), describe(after)));
  }
  check_budget(*after);
  if (before && before->lease && !after->lease) check_end_of_attempt(*before, *after);
  if (after->status == JobStatus::failed) check_failed(known, *after);
  if (after->status == JobStatus::completed) check_completed(*after);
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
  const auto& attempt = after.attempts.back();
  const auto ended = ended_.find(before.lease->token);
  const auto really = [&](actors::JobOutcome outcome) {
    return ended != ended_.end() && ended->second.contains(outcome);
  };
  if (attempt.outcome == AttemptOutcome::completed && !really(actors::JobOutcome::completed)) {
    violation(after.id, fmt::format("attempt {} is said to have completed, which its worker has "
                                    "not done: a stale lease counted",
                                    attempt.number));
  }
  // A job that hangs is given up by the worker, not by what works on it.
  if (attempt.outcome == AttemptOutcome::failed && !really(actors::JobOutcome::failed) &&
      script(after.id).kind != Kind::hang) {
    violation(after.id, fmt::format("attempt {} is said to have failed, which its worker has not "
                                    "reported: a stale lease counted",
                                    attempt.number));
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
  if (!right) {
    violation(job.id, fmt::format("a job that is {} has failed: {}", to_string(kind),
                                  job.error_message.value_or("without a word")));
  }
}

void Checker::check_completed(const Job& job) {
  for (const auto& rendition : job.renditions) {
    const auto& name = rendition.spec.name;
    const auto content = rendition_content(job.id, name);
    const auto found = blob(rendition.blob_key);
    if (rendition.status != jobs::RenditionStatus::completed || !found) {
      violation(job.id, fmt::format("completed, but there is no rendition {}", name));
    } else if (*found != content || rendition.sha256 != digest(content)) {
      violation(job.id, fmt::format("completed, but rendition {} is wrong: {}", name, *found));
    }
  }
}

void Checker::blob_removed(std::string_view key) {
  for (const auto* job : existing()) {
    if (job->expires_at <= wall_.latest()) continue;
    const bool referred =
        key == job->original.blob_key ||
        std::ranges::any_of(job->renditions, [&](const jobs::Rendition& rendition) {
          return rendition.status == jobs::RenditionStatus::completed && rendition.blob_key == key;
        });
    if (referred) violation(job->id, fmt::format("its blob {} was removed", key));
  }
}

// -- from workers --------------------------------------------------------------------------------

void Checker::work_began(const actors::Task& task, const std::string& worker) {
  trace_.note(task.job, fmt::format("{} begins to work on attempt {}", worker, task.attempt));
  auto& history = known_.at(task.job).history;
  // A task that came late may be over already; but it must have begun durably.
  const auto found = std::ranges::find_if(history, [&](const Version& version) {
    return version.record && version.record->lease && version.record->lease->token == task.token;
  });
  if (found == history.end()) {
    violation(task.job, fmt::format("attempt {} is worked on, and is not durable", task.attempt));
  } else {
    found->relied_on = true;
  }
}

void Checker::work_ended(const actors::Task& task, actors::JobOutcome outcome) {
  static constexpr std::array names{"is done", "has failed", "is handed back"};
  trace_.note(task.job, fmt::format("attempt {} {}", task.attempt,
                                    names.at(static_cast<std::size_t>(outcome))));
  ended_[task.token].insert(outcome);
  if (outcome == actors::JobOutcome::failed) ++known_.at(task.job).failures;
}

// -- what is known -------------------------------------------------------------------------------

std::uint32_t Checker::failures(const jobs::JobId& id) const {
  return known_.at(id).failures;
}

const JobScript& Checker::script(const jobs::JobId& id) const {
  return known_.at(id).script;
}

const Job* Checker::current(const jobs::JobId& id) const {
  const auto found = known_.find(id);
  if (found == known_.end() || found->second.history.empty()) return nullptr;
  const auto& record = found->second.history.back().record;
  return record ? &*record : nullptr;
}

std::vector<const Job*> Checker::existing() const {
  std::vector<const Job*> jobs;
  for (const auto& [id, known] : known_) {
    if (const auto* job = current(id)) jobs.push_back(job);
  }
  return jobs;
}

}  // namespace darkroom::simulation
