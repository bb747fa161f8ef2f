#include "http/job_metrics.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "http/metric_families.hpp"

namespace darkroom::http {
namespace {

using actors::WorkerActivity;
using jobs::AttemptOutcome;
using jobs::JobStatus;

constexpr std::array final_states{JobStatus::completed, JobStatus::failed, JobStatus::cancelled};

double seconds_since(const std::optional<jobs::Timestamp>& moment, jobs::Timestamp now) {
  const auto none = jobs::Timestamp::duration::zero();
  // A wall clock that was set back makes no age below nothing.
  const auto age = moment ? std::max(now - *moment, none) : none;
  return std::chrono::duration<double>(age).count();
}

std::string text(std::string_view name) {
  return std::string{name};
}

void add_queue(MetricFamilies& families, const actors::ServiceStatus& status, jobs::Timestamp now) {
  families.gauge("darkroom_jobs", "Unfinished jobs.")
      .add_number(status.pending, {{"state", "waiting"}})
      .add_number(status.processing, {{"state", "processing"}});
  families.gauge("darkroom_jobs_alone", "Waiting jobs that must run alone after a crash.")
      .add_number(status.alone);
  families
      .gauge("darkroom_oldest_job_seconds",
             "How long the job has waited that may run and has waited longest.")
      .add(seconds_since(status.oldest_ready, now));
  families.gauge("darkroom_workers", "Worker processes that have joined.")
      .add_number(status.workers);
  families.gauge("darkroom_slots", "Jobs that they can run at once.").add_number(status.slots);
  families.gauge("darkroom_store_writable", "1 while the job store takes writes.")
      .add(status.store_writable ? 1 : 0);
}

/// What those scale by who start and stop worker nodes.
void add_queues(MetricFamilies& families, const actors::ServiceStatus& status,
                jobs::Timestamp now) {
  const auto for_each = [&](const auto& value_of) {
    for (const auto& queue : status.queues)
      families.add(static_cast<double>(value_of(queue)), {{"queue", queue.name}});
  };
  families.gauge("darkroom_queue_length", "Jobs of the queue that wait and may run now.");
  for_each([](const auto& queue) { return queue.ready; });
  families.gauge("darkroom_queue_to_fetch",
                 "Those of these whose pictures have to be fetched from their source_url first.");
  for_each([](const auto& queue) { return queue.to_fetch; });
  families.gauge("darkroom_queue_later", "Jobs of the queue that wait for their next attempt.");
  for_each([](const auto& queue) { return queue.later; });
  families.gauge("darkroom_queue_oldest_seconds",
                 "How long the job of the queue has waited that may run and has waited longest.");
  for_each([&](const auto& queue) { return seconds_since(queue.oldest_ready, now); });
  families.gauge("darkroom_queue_running", "Jobs of the queue that are worked on.");
  for_each([](const auto& queue) { return queue.processing; });
  families.gauge("darkroom_queue_paused", "1 while an operator pauses the queue.");
  for_each([](const auto& queue) { return queue.paused ? 1 : 0; });
  families.gauge("darkroom_queue_slots", "Slots of the workers that take the queue's jobs.");
  for_each([](const auto& queue) { return queue.slots; });
  families.gauge("darkroom_queue_fetchers", "Workers that fetch pictures for the queue's jobs.");
  for_each([](const auto& queue) { return queue.fetchers; });
  families.gauge("darkroom_wanted_slots",
                 "Slots that would have all jobs of the queue running now: those that are worked "
                 "on, and those that may run unless it is paused. Fetches of pictures take none.");
  for_each([](const auto& queue) { return queue.wanted_slots; });
}

void add_supervision(MetricFamilies& families, const actors::ServiceStatus& status) {
  families.counter("darkroom_restarts_total", "Restarts of parts of the service that failed.");
  for (const auto& child : status.children)
    families.add_number(child.restarts, {{"child", child.name}});
  families.gauge("darkroom_failing",
                 "1 for a part that failed too often in the window and has not run calmly since.");
  for (const auto& child : status.children)
    families.add(child.failing ? 1 : 0, {{"child", child.name}});
  families.counter("darkroom_worker_actor_restarts_total", "Restarts of actors within the workers.")
      .add_number(status.actor_restarts);
}

void add_jobs(MetricFamilies& families, const actors::JobCounts& counts) {
  families.counter("darkroom_jobs_created_total", "Jobs made.").add_number(counts.created);
  families.counter("darkroom_jobs_ended_total", "Jobs that reached a final state.");
  for (const auto state : final_states) {
    families.add_number(counts.ended.at(static_cast<std::size_t>(state)),
                        {{"state", text(jobs::to_string(state))}});
  }
  families.histogram("darkroom_job_duration_seconds",
                     "From when a job might first run to its final state.");
  for (const auto state : final_states) {
    families.add(counts.job_time.at(static_cast<std::size_t>(state)),
                 {{"state", text(jobs::to_string(state))}});
  }
  families.counter("darkroom_jobs_removed_total", "Jobs deleted or expired.")
      .add_number(counts.removed);
  families.counter("darkroom_jobs_sent_again_total", "Failed or cancelled jobs sent again.")
      .add_number(counts.sent_again);
  families.counter("darkroom_results_reused_total", "Uploads whose results were there already.")
      .add_number(counts.results_reused);
  families.counter("darkroom_original_bytes_total", "Bytes of the originals of all jobs made.")
      .add_number(counts.original_bytes);
  families.histogram("darkroom_queue_time_seconds",
                     "How long a job of the queue was ready before an attempt began.");
  for (const auto& [queue, time] : counts.queue_time)
    families.add(time, {{"queue", queue}});
}

void add_attempts(MetricFamilies& families, const actors::JobCounts& counts) {
  families.counter("darkroom_attempts_started_total", "Leases handed out.")
      .add_number(counts.attempts.at(static_cast<std::size_t>(AttemptOutcome::running)));
  const auto for_each_outcome = [&](const auto& numbers, const auto& add) {
    for (std::size_t i = 1; i < numbers.size(); ++i) {
      add(numbers.at(i), MetricFamilies::Labels{
                             {"outcome", text(jobs::to_string(static_cast<AttemptOutcome>(i)))}});
    }
  };
  families.counter("darkroom_attempts_ended_total", "Attempts by how they ended.");
  for_each_outcome(counts.attempts, [&](std::uint64_t count, const auto& labels) {
    families.add_number(count, labels);
  });
  families.histogram("darkroom_attempt_duration_seconds", "From the lease to how it ended.");
  for_each_outcome(counts.attempt_time, [&](const jobs::Histogram& time, const auto& labels) {
    families.add(time, labels);
  });
  families
      .counter("darkroom_retries_total",
               "Jobs that were put off until their next attempt, after an error that may pass.")
      .add_number(counts.retries);
  families
      .counter("darkroom_recoveries_total",
               "Attempts taken back because their worker, its task or the service was lost.")
      .add_number(counts.recoveries);
  families
      .counter("darkroom_lease_expiries_total", "Those of them whose lease nobody renewed in time.")
      .add_number(counts.lease_expiries);
  families
      .counter("darkroom_reports_refused_total", "Reports of workers whose lease was not current.")
      .add_number(counts.refused_reports);
  families.counter("darkroom_workers_lost_total", "Workers that died or fell silent.")
      .add_number(counts.lost_workers);
}

void add_renditions(MetricFamilies& families, const actors::JobCounts& counts) {
  const auto labels_of = [](const actors::RenditionCounts& kind) {
    return MetricFamilies::Labels{{"operation", text(jobs::to_string(kind.operation))},
                                  {"format", text(jobs::to_string(kind.format))}};
  };
  families.histogram("darkroom_rendition_duration_seconds",
                     "To make a rendition, encode it and write it, without decoding the original.");
  for (const auto& kind : counts.renditions)
    families.add(kind.time, labels_of(kind));
  families.counter("darkroom_rendition_bytes_total", "Bytes of the renditions made.");
  for (const auto& kind : counts.renditions)
    families.add_number(kind.bytes, labels_of(kind));
}

}  // namespace

void add_service_metrics(MetricFamilies& families, const actors::ServiceStatus& status,
                         jobs::Timestamp now) {
  add_queue(families, status, now);
  add_queues(families, status, now);
  add_supervision(families, status);
}

void add_job_metrics(MetricFamilies& families, const actors::JobCounts& counts) {
  add_jobs(families, counts);
  add_attempts(families, counts);
  add_renditions(families, counts);
}

void add_worker_metrics(MetricFamilies& families, const actors::WorkerList& list) {
  families.gauge("darkroom_worker_states", "Worker processes by what they do.");
  for (const auto state : {WorkerActivity::working, WorkerActivity::idle, WorkerActivity::draining,
                           WorkerActivity::ailing, WorkerActivity::silent}) {
    const auto count = std::ranges::count(list.workers, state, &actors::WorkerStatus::state);
    families.add_number(count, {{"state", text(actors::to_string(state))}});
  }
  std::uint64_t busy = 0;
  for (const auto& worker : list.workers)
    busy += worker.busy;
  families.gauge("darkroom_slots_busy", "Slots of workers that have a job.").add_number(busy);
}

}  // namespace darkroom::http
