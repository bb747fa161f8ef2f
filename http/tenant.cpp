#include "http/tenant.hpp"

#include <span>
#include <string_view>

#include <httplib.h>

#include "http/header_values.hpp"
#include "persistence/sha256.hpp"

namespace darkroom::http {
namespace {

constexpr std::string_view scheme = "Bearer ";

std::string key_of(const httplib::Request& request) {
  const std::string credentials = request.get_header_value("Authorization");
  if (equals_ignoring_case(std::string_view{credentials}.substr(0, scheme.size()), scheme)) {
    return credentials.substr(scheme.size());
  }
  return request.get_header_value("X-API-Key");
}

}  // namespace

std::string tenant_of(const httplib::Request& request) {
  constexpr std::size_t digits = 16;
  const std::string key = key_of(request);
  const auto first = key.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  const auto trimmed = std::string_view{key}.substr(first, key.find_last_not_of(' ') - first + 1);
  persistence::Sha256 hash;
  hash.update(std::as_bytes(std::span{trimmed}));
  return hash.finish().substr(0, digits);
}

}  // namespace darkroom::http
