#include "http/event_filter.hpp"

#include <charconv>
#include <string_view>

#include <fmt/format.h>
#include <httplib.h>

#include "http/client_text.hpp"

namespace darkroom::http {
namespace {

tl::unexpected<Problem> refused(std::string detail) {
  return tl::unexpected{Problem{ProblemCode::invalid_parameter, std::move(detail)}};
}

}  // namespace

bool EventFilter::wants(const actors::JobEvent& event) const {
  return (!queue || event.queue == *queue) && (!batch || event.batch == batch) &&
         (!status || (event.status == *status && !event.deleted));
}

tl::expected<EventFilter, Problem> read_event_filter(const httplib::Request& request) {
  EventFilter filter;
  for (const auto& [name, value] : request.params) {
    if (request.get_param_value_count(name.c_str()) > 1) {
      return refused(fmt::format("The parameter {} stands there more than once.", name));
    }
    if (name == "queue") {
      filter.queue = value;
    } else if (name == "batch") {
      filter.batch = jobs::JobId::parse(value);
      if (!filter.batch) {
        return refused(fmt::format("batch: {} is not the id of a batch.", quoted_text(value)));
      }
    } else if (name == "status") {
      filter.status = jobs::parse_job_status(value);
      if (!filter.status) {
        return refused(
            fmt::format("status: {} is none; there are pending, processing, retrying, completed, "
                        "failed and cancelled.",
                        quoted_text(value)));
      }
    } else if (name != "last_event_id") {
      return refused(fmt::format(
          "There is no parameter {} here; there are queue, batch, status and last_event_id.",
          quoted_text(name)));
    }
  }
  return filter;
}

tl::expected<std::optional<std::uint64_t>, Problem> read_last_event_id(
    const httplib::Request& request) {
  std::string text = request.get_header_value("Last-Event-ID");
  // A browser sends an empty one where the stream had no id yet.
  if (text.empty()) text = request.get_param_value("last_event_id");
  if (text.empty()) return std::nullopt;
  std::uint64_t id = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, id);
  if (read.ec != std::errc{} || read.ptr != end) {
    return refused(
        fmt::format("Last-Event-ID: {} is not the id of an event, which is a whole number.",
                    quoted_text(text)));
  }
  return id;
}

}  // namespace darkroom::http
