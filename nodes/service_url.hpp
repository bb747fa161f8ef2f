#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace darkroom::nodes {

/// Where the service can be reached: "http://127.0.0.1:8000"; https where it is `secured`. An IPv6
/// address gets the brackets that RFC 3986, section 3.2.2, wants.
[[nodiscard]] std::string service_url(std::string_view host, std::uint16_t port,
                                      bool secured = false);

}  // namespace darkroom::nodes
