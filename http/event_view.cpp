#include "http/event_view.hpp"

#include <fmt/format.h>

#include "json/json_writer.hpp"

namespace darkroom::http {

std::string_view event_name(const actors::JobEvent& event) {
  if (event.deleted) return "deleted";
  if (is_final(event.status)) return to_string(event.status);
  if (event.created) return "created";
  if (!event.renditions.empty()) return "progress";
  return to_string(event.status);
}

bool is_last(const actors::JobEvent& event) {
  return event.deleted || is_final(event.status);
}

std::string event_view(const actors::JobEvent& event, std::string_view job) {
  json::JsonWriter json;
  json.member("id", event.id.to_string());
  json.member("status", to_string(event.status));
  json.member("queue", event.queue);
  if (event.batch) json.member("batch", event.batch->to_string());
  json.member("done", event.done);
  json.member("total", event.total);
  if (!event.renditions.empty()) json.texts("renditions", event.renditions);
  json.member("attempt", event.attempt);
  if (!event.error_message.empty()) json.member("error_message", event.error_message);
  json.member("at", jobs::to_rfc3339(event.at));
  if (!job.empty()) json.raw_member("job", job);
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", event.revision, event_name(event),
                     json.finish());
}

std::string gap_view(std::uint64_t since, std::uint64_t upto) {
  json::JsonWriter json;
  json.member("since", since);
  json.member("upto", upto);
  return fmt::format("id: {}\nevent: gap\ndata: {}\n\n", upto, json.finish());
}

std::string_view stream_greeting() {
  return "retry: 2000\n\n";
}

std::string_view stream_heartbeat() {
  return ": still here\n\n";
}

}  // namespace darkroom::http
