#include "http/options.hpp"

#include <fmt/format.h>

namespace darkroom::http {

std::optional<std::string> tls_fault(const Options& options) {
  if (options.tls_certificate.empty() == options.tls_key.empty()) return std::nullopt;
  return fmt::format(
      "TLS of the HTTP port needs http.tls_certificate and http.tls_key together: "
      "{} is not set",
      options.tls_key.empty() ? "http.tls_key" : "http.tls_certificate");
}

}  // namespace darkroom::http
