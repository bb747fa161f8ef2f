#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/none.hpp>
#include <caf/sec.hpp>

#include "jobs/error.hpp"
#include "jobs/histogram.hpp"
#include "jobs/job.hpp"
#include "jobs/transitions.hpp"
#include "persistence/packed_delivery.hpp"
#include "persistence/packed_job.hpp"

// The form on the wire of jobs and their parts. A change of that changes `wire_version`
// (message_types.hpp).

namespace darkroom::jobs {

/// CAF 0.17 does not know std::optional: on the wire it is a list of none or one.
template <class T>
[[nodiscard]] std::vector<T> as_list(const std::optional<T>& value) {
  return value ? std::vector<T>{*value} : std::vector<T>{};
}

template <class T>
[[nodiscard]] std::optional<T> from_list(std::vector<T>& list) {
  if (list.empty()) return std::nullopt;
  return std::move(list.front());
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, WorkerId& x) {
  return f(caf::meta::type_name("worker_id"), x.name, x.incarnation);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, LeaseToken& x) {
  return f(caf::meta::type_name("lease_token"), x.high, x.low);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Colour& x) {
  return f(caf::meta::type_name("colour"), x.red, x.green, x.blue);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, FocalPoint& x) {
  return f(caf::meta::type_name("focal_point"), x.x, x.y);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Watermark& x) {
  return f(caf::meta::type_name("watermark"), x.name, x.image, x.position, x.opacity, x.scale);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RenditionSpec& x) {
  auto focus = as_list(x.focus);
  auto watermark = as_list(x.watermark);
  auto take = [&]() -> caf::error {
    x.focus = from_list(focus);
    x.watermark = from_list(watermark);
    return caf::none;
  };
  return f(caf::meta::type_name("rendition_spec"), x.name, x.operation, x.width, x.height,
           x.quality, x.format, x.folder, x.fit, x.gravity, focus, x.enlarge, x.background,
           x.lossless, x.progressive, x.subsampling, x.effort, x.max_bytes, x.sharpen,
           x.linear_light, x.keep_copyright, watermark, caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, RenditionResult& x) {
  return f(caf::meta::type_name("rendition_result"), x.name, x.blob_key, x.content_type, x.sha256,
           x.bytes, x.width, x.height, x.milliseconds);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, OriginalFindings& x) {
  auto blurhash = as_list(x.blurhash);
  auto dominant_colour = as_list(x.dominant_colour);
  auto take = [&]() -> caf::error {
    x.blurhash = from_list(blurhash);
    x.dominant_colour = from_list(dominant_colour);
    return caf::none;
  };
  return f(caf::meta::type_name("original_findings"), blurhash, dominant_colour,
           caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Histogram& x) {
  return f(caf::meta::type_name("histogram"), x.counts, x.microseconds);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobError& x) {
  return f(caf::meta::type_name("job_error"), x.kind, x.message, x.ailment);
}

/// As the job store keeps it, so that its members are listed, and checked, in one place.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Job& x) {
  std::string record;
  if constexpr (Inspector::reads_state) record = persistence::pack_job(x);
  auto take = [&]() -> caf::error {
    auto job = persistence::unpack_job(record);
    if (!job) return caf::sec::invalid_argument;
    x = std::move(*job);
    return caf::none;
  };
  return f(caf::meta::type_name("job"), record, caf::meta::load_callback(take));
}

/// The same.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Delivery& x) {
  std::string record;
  if constexpr (Inspector::reads_state) record = persistence::pack_delivery(x);
  auto take = [&]() -> caf::error {
    auto delivery = persistence::unpack_delivery(record);
    if (!delivery) return caf::sec::invalid_argument;
    x = std::move(*delivery);
    return caf::none;
  };
  return f(caf::meta::type_name("delivery"), record, caf::meta::load_callback(take));
}

}  // namespace darkroom::jobs
