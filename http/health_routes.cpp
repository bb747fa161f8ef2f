#include "http/health_routes.hpp"

#include <string>

#include <httplib.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "http/responses.hpp"
#include "http/router.hpp"
#include "persistence/utf8.hpp"

namespace darkroom::http {
namespace {

// Empty where the service is ready.
std::string reason_against(
    const tl::expected<actors::ServiceStatus, actors::ServiceError>& status) {
  if (!status) return persistence::repaired_utf8(status.error().message);
  if (!status->store_writable) {
    // Why is for the operator, in the log; paths of the machine are nobody else's business.
    return "The store cannot be written; the service's log says why.";
  }
  if (status->workers == 0) return "No worker has joined.";
  return {};
}

}  // namespace

void HealthRoutes::add_to(Router& router) const {
  router.add("GET", "/healthz",
             [](const httplib::Request&, httplib::Response& response, const std::string&) {
               answer_json(response, 200, "{\"status\":\"ok\"}\n");
             });
  router.add("GET", "/readyz",
             [this](const httplib::Request&, httplib::Response& response, const std::string&) {
               ready(response);
             });
}

void HealthRoutes::ready(httplib::Response& response) const {
  const auto status = jobs_.status();
  const std::string reason = reason_against(status);
  const actors::ServiceStatus figures = status.value_or(actors::ServiceStatus{});
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  writer.StartObject();
  writer.Key("status");
  writer.String(reason.empty() ? "ready" : "not_ready");
  writer.Key("store_writable");
  writer.Bool(figures.store_writable);
  writer.Key("workers");
  writer.Uint64(figures.workers);
  writer.Key("slots");
  writer.Uint64(figures.slots);
  writer.Key("pending");
  writer.Uint64(figures.pending);
  writer.Key("processing");
  writer.Uint64(figures.processing);
  writer.Key("reason");
  if (reason.empty()) {
    writer.Null();
  } else {
    writer.String(reason.data(), static_cast<rapidjson::SizeType>(reason.size()));
  }
  writer.EndObject();
  answer_json(response, reason.empty() ? 200 : 503,
              std::string{buffer.GetString(), buffer.GetSize()} + "\n");
}

}  // namespace darkroom::http
