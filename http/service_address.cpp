#include "http/service_address.hpp"

#include <optional>

#include "http/header_values.hpp"

namespace darkroom::http {

std::string service_address(const RequestHead& head, std::string_view public_url,
                            bool through_proxy, bool secured) {
  if (!public_url.empty()) return std::string{public_url};
  if (head.authority.empty()) return {};
  const auto forwarded =
      through_proxy ? joined_field(head, "X-Forwarded-Proto") : std::optional<std::string>{};
  // Of several, the last one is from the proxy itself; those before it anyone can have sent.
  const bool secure =
      forwarded
          ? equals_ignoring_case(
                trimmed(std::string_view{*forwarded}.substr(forwarded->rfind(',') + 1)), "https")
          : secured;
  return (secure ? "https://" : "http://") + head.authority;
}

}  // namespace darkroom::http
