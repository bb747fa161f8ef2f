#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "tests/http/raw_client.hpp"
#include "tests/http/sent_requests.hpp"
#include "tests/openapi/documented_api.hpp"

namespace darkroom::http {

/// As long as it lives, each answer that a RawClient has from this port of this machine is compared
/// with the description of the API, and fails the test where it is not as described.
class DocumentedPort {
 public:
  /// `dialects`: as Options has them; the port's server has the routes of the API with these.
  DocumentedPort(std::uint16_t port, std::string_view dialects);
  DocumentedPort(const DocumentedPort&) = delete;
  DocumentedPort& operator=(const DocumentedPort&) = delete;
  DocumentedPort(DocumentedPort&&) = delete;
  DocumentedPort& operator=(DocumentedPort&&) = delete;
  ~DocumentedPort();

 private:
  std::uint16_t port_;
};

/// The description that a server with these dialects gives of itself.
[[nodiscard]] std::shared_ptr<const openapi::DocumentedApi> api_with_dialects(
    std::string_view dialects);

/// Does the comparison; nothing where the port is no documented one.
void expect_documented(std::uint16_t port, const SentRequest& request, const RawResponse& answer);

}  // namespace darkroom::http
