#include "tests/http/documented_port.hpp"

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "http/dialects.hpp"
#include "http/openapi_document.hpp"

namespace darkroom::http {
namespace {

using Api = std::shared_ptr<const openapi::DocumentedApi>;

/// Of all servers that run in this process: a client knows the port alone.
struct Ports {
  std::mutex mutex;
  std::map<std::uint16_t, Api> apis;
  std::map<std::string, Api, std::less<>> by_dialects;  ///< Made once each.
};

Ports& ports() {
  static Ports all;
  return all;
}

Api find_or_make(Ports& all, std::string_view dialects) {
  const auto found = all.by_dialects.find(dialects);
  if (found != all.by_dialects.end()) return found->second;
  auto api = std::make_shared<const openapi::DocumentedApi>(
      openapi_document(Dialects::parse(dialects).value(), "test"));
  return all.by_dialects.emplace(dialects, std::move(api)).first->second;
}

}  // namespace

Api api_with_dialects(std::string_view dialects) {
  const std::scoped_lock lock{ports().mutex};
  return find_or_make(ports(), dialects);
}

DocumentedPort::DocumentedPort(std::uint16_t port, std::string_view dialects) : port_(port) {
  const std::scoped_lock lock{ports().mutex};
  ports().apis[port] = find_or_make(ports(), dialects);
}

DocumentedPort::~DocumentedPort() {
  const std::scoped_lock lock{ports().mutex};
  ports().apis.erase(port_);
}

void expect_documented(std::uint16_t port, const SentRequest& request, const RawResponse& answer) {
  Api api;
  {
    const std::scoped_lock lock{ports().mutex};
    const auto found = ports().apis.find(port);
    if (found == ports().apis.end()) return;
    api = found->second;
  }
  const auto complaint = api->complaint({.method = request.method,
                                         .target = request.target,
                                         .status = answer.status,
                                         .fields = answer.fields,
                                         .body = answer.body});
  if (complaint.empty()) return;
  ADD_FAILURE() << "not as http/openapi describes it: " << complaint << "\n"
                << request.method << " " << request.target.substr(0, 200) << " -> " << answer.status
                << " " << answer.field("content-type") << "\n"
                << answer.body.substr(0, 1'000);
}

}  // namespace darkroom::http
