#include "tunnel/options.hpp"

#include <array>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace darkroom::tunnel {

bool is_loopback(std::string_view host) {
  if (host == "localhost") return true;
  const std::string text{host};
  in_addr v4{};
  if (::inet_pton(AF_INET, text.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24U == 127;
  in6_addr v6{};
  return ::inet_pton(AF_INET6, text.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

std::optional<std::string> tls_fault(const TlsFiles& files) {
  using Named = std::pair<const char*, const std::filesystem::path*>;
  const std::array<Named, 3> needed{
      {{"node.ca", &files.ca}, {"node.certificate", &files.certificate}, {"node.key", &files.key}}};
  std::string missing;
  bool any = !files.revocations.empty();
  for (const auto& [name, path] : needed) {
    any = any || !path->empty();
    if (path->empty()) missing += fmt::format("{}{}", missing.empty() ? "" : " and ", name);
  }
  if (!any || missing.empty()) return std::nullopt;
  return fmt::format(
      "TLS of the node port needs node.ca, node.certificate and node.key together: {} {} not set",
      missing, missing.find(' ') == std::string::npos ? "is" : "are");
}

std::optional<std::string> exposure_fault(const Options& options, std::string_view what,
                                          std::string_view host) {
  if (options.tls.given() || options.insecure || is_loopback(host)) return std::nullopt;
  return fmt::format(
      "{} ({}) is beyond this machine and there is no TLS: make certificates with `darkroom certs "
      "init` and `darkroom certs issue NAME` and set node.ca, node.certificate and node.key; or "
      "set "
      "node.insecure = true where everybody who can reach that port may be trusted with everything",
      what, host);
}

}  // namespace darkroom::tunnel
