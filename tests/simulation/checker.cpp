#include "tests/simulation/checker.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "tests/simulation/job_words.hpp"

namespace darkroom::simulation {
namespace {

using jobs::Job;

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

void Checker::asked_to_create(const jobs::JobId& id, const JobScript& script,
                              const std::string& key) {
  trace_.note(id, fmt::format("a client uploads a job that is {}{}{}", to_string(script.kind),
                              key.empty() ? "" : " under key ", key));
  known_[id].script = script;
}

void Checker::acknowledged(const Job& job, const std::string& key) {
  trace_.note(job.id, "the client is told that its job is there");
  auto& known = known_.at(job.id);
  known.acknowledged = true;
  if (!key.empty()) {
    const auto [earlier, is_first] = acknowledged_keys_.try_emplace(key, job.id);
    const auto* there = is_first ? nullptr : current(earlier->second);
    if (there != nullptr && there->id != job.id && there->expires_at > wall_.latest()) {
      violation(job.id, fmt::format("the client was given job {} for its key {} before",
                                    there->id.to_string(), key));
    }
    earlier->second = job.id;
  }
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
  const auto found = std::find_if(history.rbegin(), history.rend(), [&](const Version& version) {
    return version.record && *version.record == job;
  });
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

void Checker::asked_to_cancel(const jobs::JobId& id) {
  trace_.note(id, "a client cancels the job");
  known_.at(id).cancel_asked = true;
}

void Checker::asked_to_retry(const jobs::JobId& id) {
  trace_.note(id, "a client sends the job again");
  ++known_.at(id).retries_left;
}

void Checker::asked_to_retry_all() {
  trace_.note("a client sends all failed jobs again");
  retry_all_asked_ = true;
}

void Checker::change_acknowledged(const Job& job) {
  trace_.note(job.id, "the client is told that this is done");
  // In the same commit more may have become of it.
  auto& history = known_.at(job.id).history;
  if (history.empty()) {
    violation(job.id, "a change of a job was acknowledged that is not durable");
  } else {
    history.back().relied_on = true;
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

// -- from workers --------------------------------------------------------------------------------

void Checker::work_began(const actors::Task& task, const std::string& worker,
                         std::uint32_t process) {
  trace_.note(task.job, fmt::format("{} begins to work on attempt {}", worker, task.attempt));
  auto& history = known_.at(task.job).history;
  // A task that came late may be over already; but it must have begun durably.
  const auto found = std::ranges::find_if(history, [&](const Version& version) {
    return version.record && version.record->lease && version.record->lease->token == task.token;
  });
  if (found == history.end()) {
    violation(task.job, fmt::format("attempt {} is worked on, and is not durable", task.attempt));
    return;
  }
  found->relied_on = true;
  const auto [work, is_new] =
      works_.try_emplace(task.token, Work{.job = task.job, .process = process});
  if (!is_new) violation(task.job, fmt::format("attempt {} is worked on twice", task.attempt));
  check_company(task.token, work->second);
}

bool Checker::is_current(const jobs::LeaseToken& token, const jobs::JobId& id) const {
  const auto* job = current(id);
  return job != nullptr && job->lease && job->lease->token == token;
}

void Checker::check_company(const jobs::LeaseToken& token, const Work& work) {
  // Of what is not its own any more the worker may not have heard yet.
  if (!is_current(token, work.job)) return;
  for (const auto& [other_token, other] : works_) {
    if (&other == &work || other.process != work.process || !other.running) continue;
    if (!is_current(other_token, other.job)) continue;
    if (current(work.job)->alone || current(other.job)->alone) {
      violation(work.job, fmt::format("it runs beside job {}, and one of them must run alone",
                                      other.job.to_string()));
    }
  }
}

void Checker::work_ended(const actors::Task& task, actors::JobOutcome outcome) {
  static constexpr std::array names{"is done", "has failed", "is handed back"};
  trace_.note(task.job, fmt::format("attempt {} {}", task.attempt,
                                    names.at(static_cast<std::size_t>(outcome))));
  auto& work = works_.at(task.token);
  work.running = false;
  work.reported.insert(outcome);
  if (outcome == actors::JobOutcome::failed) ++known_.at(task.job).failures;
}

void Checker::process_ended(std::uint32_t process, const std::optional<jobs::JobId>& culprit) {
  // A task that came after its lease had run out is nothing the registry can know of.
  const bool is_known = std::ranges::any_of(works_, [&](const auto& entry) {
    const auto& [token, work] = entry;
    return work.process == process && work.running && culprit == work.job &&
           is_current(token, work.job);
  });
  for (auto& [token, work] : works_) {
    if (work.process != process || !std::exchange(work.running, false)) continue;
    if (is_known && culprit != work.job) work.killed_by = culprit;
  }
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
  return record.get();
}

std::vector<const Job*> Checker::existing() const {
  std::vector<const Job*> jobs;
  for (const auto& [id, known] : known_) {
    if (const auto* job = current(id)) jobs.push_back(job);
  }
  return jobs;
}

}  // namespace darkroom::simulation
