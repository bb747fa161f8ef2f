#include "nodes/service_url.hpp"

#include <fmt/format.h>

namespace darkroom::nodes {

std::string service_url(std::string_view host, std::uint16_t port, bool secured) {
  const bool ipv6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
  const std::string_view scheme = secured ? "https" : "http";
  return ipv6 ? fmt::format("{}://[{}]:{}", scheme, host, port)
              : fmt::format("{}://{}:{}", scheme, host, port);
}

}  // namespace darkroom::nodes
