#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/job_query.hpp"
#include "actors/message_types.hpp"

// The form on the wire of what is asked by filter. A change of that changes `wire_version`.

namespace darkroom::jobs {

[[nodiscard]] inline std::vector<std::int64_t> as_list(const std::optional<Timestamp>& value) {
  if (!value) return {};
  return {value->time_since_epoch().count()};
}

[[nodiscard]] inline std::optional<Timestamp> time_from_list(
    const std::vector<std::int64_t>& list) {
  if (list.empty()) return std::nullopt;
  return Timestamp{std::chrono::milliseconds{list.front()}};
}

}  // namespace darkroom::jobs

namespace darkroom::persistence {

/// Without `alive_at`, which is for whoever answers to say.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobFilter& x) {
  auto tenant = jobs::as_list(x.tenant);
  auto queue = jobs::as_list(x.queue);
  auto preset = jobs::as_list(x.preset);
  auto filename = jobs::as_list(x.filename);
  auto public_name = jobs::as_list(x.public_name);
  std::vector<std::uint8_t> status;
  if (x.status) status.push_back(static_cast<std::uint8_t>(*x.status));
  auto batch = jobs::as_list(x.batch);
  auto created_from = jobs::as_list(x.created_from);
  auto created_before = jobs::as_list(x.created_before);
  auto take = [&]() -> caf::error {
    x.tenant = jobs::from_list(tenant);
    x.queue = jobs::from_list(queue);
    x.preset = jobs::from_list(preset);
    x.filename = jobs::from_list(filename);
    x.public_name = jobs::from_list(public_name);
    x.status.reset();
    if (!status.empty()) {
      if (status.front() >= jobs::job_statuses) return caf::sec::invalid_argument;
      x.status = static_cast<jobs::JobStatus>(status.front());
    }
    x.batch = jobs::from_list(batch);
    x.created_from = jobs::time_from_list(created_from);
    x.created_before = jobs::time_from_list(created_before);
    return caf::none;
  };
  return f(caf::meta::type_name("job_filter"), tenant, queue, preset, filename, public_name, status,
           batch, created_from, created_before, caf::meta::load_callback(take));
}

}  // namespace darkroom::persistence

namespace darkroom::actors {

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobQuery& x) {
  auto before = jobs::as_list(x.before);
  auto take = [&]() -> caf::error {
    x.before = jobs::from_list(before);
    return caf::none;
  };
  return f(caf::meta::type_name("job_query"), x.filter, before, x.limit,
           caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobPage& x) {
  auto next = jobs::as_list(x.next);
  auto take = [&]() -> caf::error {
    x.next = jobs::from_list(next);
    return caf::none;
  };
  return f(caf::meta::type_name("job_page"), x.jobs, next, caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, BulkDone& x) {
  auto last = jobs::as_list(x.last);
  auto take = [&]() -> caf::error {
    x.last = jobs::from_list(last);
    return caf::none;
  };
  return f(caf::meta::type_name("bulk_done"), x.done, last, caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, BulkRemoved& x) {
  auto next = jobs::as_list(x.next);
  auto take = [&]() -> caf::error {
    x.next = jobs::from_list(next);
    return caf::none;
  };
  return f(caf::meta::type_name("bulk_removed"), x.jobs, next, caf::meta::load_callback(take));
}

}  // namespace darkroom::actors
