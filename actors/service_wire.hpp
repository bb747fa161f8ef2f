#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/none.hpp>
#include <caf/sec.hpp>

#include "actors/job_service.hpp"
#include "actors/job_wire.hpp"

// The form on the wire of what a job service answers (job_service.hpp), as it goes from the
// coordinator to ingest nodes. A change of that changes `wire_version` (message_types.hpp).

namespace darkroom::actors {

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, DeliveryCounts& x) {
  return f(caf::meta::type_name("delivery_counts"), x.tries, x.time);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CreatedJob& x) {
  return f(caf::meta::type_name("created_job"), x.job, x.replayed);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RetriedJobs& x) {
  auto last = jobs::as_list(x.last);
  auto take = [&]() -> caf::error {
    x.last = jobs::from_list(last);
    return caf::none;
  };
  return f(caf::meta::type_name("retried_jobs"), x.sent, last, caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RenditionCounts& x) {
  return f(caf::meta::type_name("rendition_counts"), x.operation, x.format, x.time, x.bytes);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobCounts& x) {
  return f(caf::meta::type_name("job_counts"), x.created, x.removed, x.sent_again, x.results_reused,
           x.ended, x.attempts, x.refused_reports, x.lost_workers, x.retries, x.recoveries,
           x.lease_expiries, x.original_bytes, x.queue_time, x.attempt_time, x.job_time,
           x.renditions, x.webhooks, x.emails);
}

/// Without `children`, which are those of the node that is asked.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ServiceStatus& x) {
  auto counting_since = static_cast<std::int64_t>(x.counting_since.time_since_epoch().count());
  std::vector<std::int64_t> oldest_ready;
  if (x.oldest_ready) oldest_ready.push_back(x.oldest_ready->time_since_epoch().count());
  std::vector<std::int64_t> oldest_delivery;
  if (x.oldest_delivery) oldest_delivery.push_back(x.oldest_delivery->time_since_epoch().count());
  auto take = [&]() -> caf::error {
    const auto read = [](const std::vector<std::int64_t>& moment) {
      return moment.empty()
                 ? std::nullopt
                 : std::optional{jobs::Timestamp{std::chrono::milliseconds{moment.front()}}};
    };
    x.counting_since = jobs::Timestamp{std::chrono::milliseconds{counting_since}};
    x.oldest_ready = read(oldest_ready);
    x.oldest_delivery = read(oldest_delivery);
    return caf::none;
  };
  return f(caf::meta::type_name("service_status"), x.store_writable, x.workers, x.slots, x.pending,
           x.processing, x.alone, oldest_ready, x.counts, counting_since, x.actor_restarts,
           x.queues, x.resting_nodes, x.open_batches, x.pending_deliveries, oldest_delivery,
           caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, WorkerStatus& x) {
  auto state = static_cast<std::uint8_t>(x.state);
  auto joined_at = static_cast<std::int64_t>(x.joined_at.time_since_epoch().count());
  auto take = [&]() -> caf::error {
    if (state > static_cast<std::uint8_t>(WorkerActivity::silent))
      return caf::sec::invalid_argument;
    x.state = static_cast<WorkerActivity>(state);
    x.joined_at = jobs::Timestamp{std::chrono::milliseconds{joined_at}};
    return caf::none;
  };
  return f(caf::meta::type_name("worker_status"), x.name, x.node, x.version, state, x.drained,
           x.slots, x.busy, x.queues, joined_at, x.silent_ms, x.ailment,
           caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, WorkerList& x) {
  return f(caf::meta::type_name("worker_list"), x.workers, x.drained);
}

/// As the job store keeps them.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, KeyTable& x) {
  std::string keys;
  if constexpr (Inspector::reads_state) keys = persistence::encode_api_keys(x.keys);
  auto take = [&]() -> caf::error {
    auto read = persistence::decode_api_keys(keys);
    if (!read) return caf::sec::invalid_argument;
    x.keys = std::move(*read);
    return caf::none;
  };
  return f(caf::meta::type_name("key_table"), x.version, keys, caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, QueueStatus& x) {
  std::vector<std::int64_t> oldest;
  if (x.oldest_ready) oldest.push_back(x.oldest_ready->time_since_epoch().count());
  auto take = [&]() -> caf::error {
    x.oldest_ready.reset();
    if (!oldest.empty()) {
      x.oldest_ready = jobs::Timestamp{std::chrono::milliseconds{oldest.front()}};
    }
    return caf::none;
  };
  return f(caf::meta::type_name("queue_status"), x.name, x.weight, x.paused, x.ready, x.to_fetch,
           x.later, x.processing, oldest, x.workers, x.slots, x.fetchers, x.wanted_slots,
           caf::meta::load_callback(take));
}

}  // namespace darkroom::actors
