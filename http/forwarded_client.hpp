#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/request_head.hpp"
#include "http/trusted_proxies.hpp"

namespace darkroom::http {

struct ForwardedClient {
  bool through_proxy = false;          ///< One that we trust.
  std::optional<std::string> address;  ///< Of whom that proxy speaks for.
};

/// Who sent a request that came from `peer_address`.
[[nodiscard]] ForwardedClient forwarded_client(std::string_view peer_address,
                                               const RequestHead& head,
                                               const TrustedProxies& proxies);

}  // namespace darkroom::http
