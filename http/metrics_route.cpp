#include "http/metrics_route.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <httplib.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "http/problem_mapping.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"

namespace darkroom::http {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

/// Gathers families in the order in which they are to be printed.
class Families {
 public:
  /// Begins a family; `add` fills it.
  Families& gauge(std::string name, std::string help) {
    return begin(std::move(name), std::move(help), MetricType::Gauge);
  }
  Families& counter(std::string name, std::string help) {
    return begin(std::move(name), std::move(help), MetricType::Counter);
  }

  Families& add(double value, std::vector<ClientMetric::Label> labels = {}) {
    auto& family = families_.back();
    auto& metric = family.metric.emplace_back();
    metric.label = std::move(labels);
    if (family.type == MetricType::Gauge) {
      metric.gauge.value = value;
    } else {
      metric.counter.value = value;
    }
    return *this;
  }

  template <class Number>
  Families& add_number(Number value, std::vector<ClientMetric::Label> labels = {}) {
    return add(static_cast<double>(value), std::move(labels));
  }

  [[nodiscard]] std::string text() const {
    return prometheus::TextSerializer{}.Serialize(families_);
  }

 private:
  Families& begin(std::string name, std::string help, MetricType type) {
    auto& family = families_.emplace_back();
    family.name = std::move(name);
    family.help = std::move(help);
    family.type = type;
    return *this;
  }

  std::vector<MetricFamily> families_;
};

ClientMetric::Label label(std::string name, std::string_view value) {
  return {std::move(name), std::string{value}};
}

double seconds_since(const std::optional<jobs::Timestamp>& moment, jobs::Timestamp now) {
  const auto none = jobs::Timestamp::duration::zero();
  // A wall clock that was set back makes no age below nothing.
  const auto age = moment ? std::max(now - *moment, none) : none;
  return std::chrono::duration<double>(age).count();
}

void add_queue(Families& families, const actors::ServiceStatus& status, jobs::Timestamp now) {
  families.gauge("darkroom_jobs", "Unfinished jobs.")
      .add_number(status.pending, {label("state", "waiting")})
      .add_number(status.processing, {label("state", "processing")});
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
void add_queues(Families& families, const actors::ServiceStatus& status, jobs::Timestamp now) {
  const auto for_each = [&](const auto& value_of) {
    for (const auto& queue : status.queues)
      families.add(static_cast<double>(value_of(queue)), {label("queue", queue.name)});
  };
  families.gauge("darkroom_queue_length", "Jobs of the queue that wait and may run now.");
  for_each([](const auto& queue) { return queue.ready; });
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
  families.gauge("darkroom_wanted_slots",
                 "Slots that would have all jobs of the queue running now: those that are worked "
                 "on, and those that may run unless it is paused.");
  for_each([](const auto& queue) { return queue.wanted_slots; });
}

void add_counts(Families& families, const actors::JobCounts& counts) {
  families.counter("darkroom_jobs_created_total", "Jobs made.").add_number(counts.created);
  families.counter("darkroom_jobs_ended_total", "Jobs that reached a final state.");
  for (const auto state :
       {jobs::JobStatus::completed, jobs::JobStatus::failed, jobs::JobStatus::cancelled}) {
    families.add_number(counts.ended.at(static_cast<std::size_t>(state)),
                        {label("state", jobs::to_string(state))});
  }
  families.counter("darkroom_jobs_removed_total", "Jobs deleted or expired.")
      .add_number(counts.removed);
  families.counter("darkroom_jobs_sent_again_total", "Failed or cancelled jobs sent again.")
      .add_number(counts.sent_again);
  families.counter("darkroom_results_reused_total", "Uploads whose results were there already.")
      .add_number(counts.results_reused);
  families.counter("darkroom_attempts_started_total", "Leases handed out.")
      .add_number(counts.attempts.at(static_cast<std::size_t>(jobs::AttemptOutcome::running)));
  families.counter("darkroom_attempts_ended_total", "Attempts by how they ended.");
  for (std::size_t i = 1; i < counts.attempts.size(); ++i) {
    families.add_number(counts.attempts.at(i),
                        {label("outcome", jobs::to_string(static_cast<jobs::AttemptOutcome>(i)))});
  }
  families
      .counter("darkroom_reports_refused_total", "Reports of workers whose lease was not current.")
      .add_number(counts.refused_reports);
  families.counter("darkroom_workers_lost_total", "Workers that died or fell silent.")
      .add_number(counts.lost_workers);
}

void add_supervision(Families& families, const actors::ServiceStatus& status) {
  families.counter("darkroom_restarts_total", "Restarts of parts of the service that failed.");
  for (const auto& child : status.children)
    families.add_number(child.restarts, {label("child", child.name)});
  families.gauge("darkroom_failing",
                 "1 for a part that failed too often in the window and has not run calmly since.");
  for (const auto& child : status.children)
    families.add(child.failing ? 1 : 0, {label("child", child.name)});
  families.counter("darkroom_worker_actor_restarts_total", "Restarts of actors within the workers.")
      .add_number(status.actor_restarts);
}

}  // namespace

std::string metrics_text(const actors::ServiceStatus& status, jobs::Timestamp now) {
  Families families;
  add_queue(families, status, now);
  add_queues(families, status, now);
  add_counts(families, status.counts);
  add_supervision(families, status);
  return families.text();
}

void MetricsRoute::add_to(Router& router) const {
  router.add("GET", "/metrics", Scope::open,
             [this](const httplib::Request&, httplib::Response& response, const std::string&) {
               const auto status = jobs_.status();
               if (!status) return answer_problem(response, to_problem(status.error()));
               response.status = 200;
               response.set_content(metrics_text(*status, jobs::system_now()),
                                    "text/plain; version=0.0.4; charset=utf-8");
             },
             {.watches = true});
}

}  // namespace darkroom::http
