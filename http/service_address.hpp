#pragma once

#include <string>
#include <string_view>

#include "http/request_head.hpp"

namespace darkroom::http {

/// "https://host:port", what the client of this request calls the service by: `public_url` where
/// there is one, else by the request itself, which came with TLS where it is `secured`. Its header
/// X-Forwarded-Proto is believed where it came `through_proxy`, one that we trust. Empty where the
/// request does not say.
[[nodiscard]] std::string service_address(const RequestHead& head, std::string_view public_url,
                                          bool through_proxy, bool secured = false);

}  // namespace darkroom::http
