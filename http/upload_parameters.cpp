#include "http/upload_parameters.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "http/client_text.hpp"
#include "http/limits.hpp"

namespace darkroom::http {
namespace {

using Checked = tl::expected<void, Problem>;

constexpr std::array<std::string_view, 6> names{"preset",   "renditions", "queue",
                                                "priority", "expires_in", "reuse"};

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

}  // namespace darkroom::http
