#include "http/upload_parameters.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "http/client_text.hpp"
#include "http/client_time.hpp"
#include "http/limits.hpp"
#include "json/compact_object.hpp"

namespace darkroom::http {
namespace {

using Checked = tl::expected<void, Problem>;

constexpr std::array<std::string_view, 9> names{"preset",   "renditions", "queue",
                                                "priority", "expires_in", "reuse",
                                                "metadata", "not_before", "callback_url"};

constexpr std::string_view default_queue = "default";

tl::unexpected<Problem> refused(ProblemCode code, std::string detail) {
  return tl::unexpected{Problem{code, std::move(detail)}};
}

/// Keeps `value` in `place`, unless another one is there.
template <class Value>
Checked keep(std::optional<Value>& place, Value value, std::string_view name) {
  if (place && *place != value) {
    return refused(
        ProblemCode::malformed_request,
        fmt::format("The parameter '{}' is given twice with different values; send one.", name));
  }
  place = std::move(value);
  return {};
}

}  // namespace

bool UploadParameters::knows(std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> UploadParameters::all_names() {
  return {names.begin(), names.end()};
}

std::size_t UploadParameters::most_bytes(std::string_view name) {
  return name == "renditions" ? limits::renditions_bytes : limits::form_field_bytes;
}

Checked UploadParameters::take(std::string_view name, std::string_view value) {
  if (name == "preset") return choice_.choose_preset(value);
  if (name == "renditions") return choice_.choose_renditions(value);
  if (name == "queue") return take_queue(value);
  if (name == "priority") return take_priority(value);
  if (name == "expires_in") return take_expires_in(value);
  if (name == "metadata") return take_metadata(value);
  if (name == "not_before") return take_not_before(value);
  if (name == "callback_url") return take_callback_url(value);
  return take_reuse(value);
}

std::string UploadParameters::queue() const {
  return queue_ ? queue_->name : std::string{default_queue};
}

jobs::Priority UploadParameters::priority() const {
  if (priority_) return *priority_;
  if (queue_) return queue_->priority;
  if (!services_.read_queue) return jobs::Priority::normal;
  const auto queue = services_.read_queue(default_queue);
  return queue ? queue->priority : jobs::Priority::normal;
}

Checked UploadParameters::take_queue(std::string_view value) {
  if (!services_.read_queue) {
    if (value == default_queue) return keep(queue_, QueueChoice{std::string{value}}, "queue");
    return refused(ProblemCode::unknown_queue,
                   fmt::format("This service has no queue but {}.", default_queue));
  }
  auto queue = services_.read_queue(value);
  if (!queue) return refused(ProblemCode::unknown_queue, std::move(queue.error()));
  return keep(queue_, std::move(*queue), "queue");
}

Checked UploadParameters::take_priority(std::string_view value) {
  const auto priority = jobs::parse_priority(value);
  if (priority) return keep(priority_, *priority, "priority");
  return refused(ProblemCode::invalid_parameter,
                 fmt::format("The parameter 'priority' must be high, normal or low, not {}.",
                             quoted_text(value, 40)));
}

Checked UploadParameters::take_expires_in(std::string_view value) {
  if (!services_.read_expires_in) {
    return refused(ProblemCode::invalid_parameter,
                   "This service does not take the parameter 'expires_in'.");
  }
  auto lifetime = services_.read_expires_in(value);
  if (!lifetime) return refused(ProblemCode::invalid_parameter, std::move(lifetime.error()));
  return keep(expires_in_, *lifetime, "expires_in");
}

Checked UploadParameters::take_reuse(std::string_view value) {
  if (value != "true" && value != "false") {
    return refused(ProblemCode::invalid_parameter,
                   fmt::format("The parameter 'reuse' must be true or false, not {}.",
                               quoted_text(value, 40)));
  }
  return keep(reuse_, value == "true", "reuse");
}

Checked UploadParameters::take_metadata(std::string_view value) {
  auto object = json::compact_object(value, limits::metadata_levels);
  if (!object) {
    return refused(
        ProblemCode::invalid_parameter,
        fmt::format("The parameter 'metadata' must be an object of JSON: {}.", object.error()));
  }
  return keep(metadata_, std::move(*object), "metadata");
}

Checked UploadParameters::take_not_before(std::string_view value) {
  const auto time = parse_client_time(value);
  if (!time) {
    return refused(ProblemCode::invalid_parameter,
                   fmt::format("The parameter 'not_before' must be a time, as "
                               "2026-11-22T08:30:00Z, or a date, not {}.",
                               quoted_text(value, 40)));
  }
  if (*time > services_.wall_clock() + services_.max_delay) {
    return refused(ProblemCode::invalid_parameter,
                   fmt::format("The parameter 'not_before' must be within the next {} hours, not "
                               "{}.",
                               std::chrono::floor<std::chrono::hours>(services_.max_delay).count(),
                               quoted_text(value, 40)));
  }
  return keep(not_before_, *time, "not_before");
}

Checked UploadParameters::take_callback_url(std::string_view value) {
  if (!services_.read_callback_url) {
    return refused(ProblemCode::callbacks_disabled,
                   "This service sends no webhooks; leave out the parameter 'callback_url'.");
  }
  auto url = services_.read_callback_url(value);
  if (!url) return refused(ProblemCode::invalid_parameter, std::move(url.error()));
  return keep(callback_url_, std::move(*url), "callback_url");
}

}  // namespace darkroom::http
