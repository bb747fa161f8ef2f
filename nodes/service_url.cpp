#include "nodes/service_url.hpp"

#include <fmt/format.h>

namespace darkroom::nodes {

std::string service_url(std::string_view host, std::uint16_t port) {
  const bool ipv6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
  return ipv6 ? fmt::format("http://[{}]:{}", host, port) : fmt::format("http://{}:{}", host, port);
}

}  // namespace darkroom::nodes
