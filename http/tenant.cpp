#include "http/tenant.hpp"

#include <span>

#include <httplib.h>

#include "http/header_values.hpp"
#include "persistence/sha256.hpp"

namespace darkroom::http {

std::string shown_key(const httplib::Request& request) {
  constexpr std::string_view scheme = "Bearer ";
  const std::string credentials = request.get_header_value("Authorization");
  const bool bearer =
      equals_ignoring_case(std::string_view{credentials}.substr(0, scheme.size()), scheme);
  return std::string{
      trimmed(bearer ? credentials.substr(scheme.size()) : request.get_header_value("X-API-Key"))};
}

std::string tenant_of(std::string_view shown) {
  constexpr std::size_t digits = 16;
  if (shown.empty()) return {};
  persistence::Sha256 hash;
  hash.update(std::as_bytes(std::span{shown}));
  return hash.finish().substr(0, digits);
}

}  // namespace darkroom::http
