#include "http/prefer.hpp"

#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <httplib.h>

#include "http/header_values.hpp"

namespace darkroom::http {
namespace {

std::optional<std::chrono::seconds> wait_of(std::string_view preference) {
  // What follows a semicolon are parameters, of which `wait` has none.
  preference = trimmed(preference.substr(0, preference.find(';')));
  const auto equals = preference.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  if (!equals_ignoring_case(trimmed(preference.substr(0, equals)), "wait")) return std::nullopt;
  std::string_view value = trimmed(preference.substr(equals + 1));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
  }
  std::uint32_t seconds = 0;
  const char* const end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, seconds);
  if (read.ptr != end) return std::nullopt;
  // More than can be counted is as much as can be had.
  if (read.ec == std::errc::result_out_of_range)
    return std::chrono::seconds{std::numeric_limits<std::uint32_t>::max()};
  if (read.ec != std::errc{}) return std::nullopt;
  return std::chrono::seconds{seconds};
}

}  // namespace

std::optional<std::chrono::seconds> preferred_wait(const httplib::Request& request) {
  const auto [first, last] = request.headers.equal_range("Prefer");
  for (auto field = first; field != last; ++field) {
    std::string_view rest = field->second;
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      // The first one counts (RFC 7240, section 2).
      if (const auto wait = wait_of(rest.substr(0, comma))) return wait;
      rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    }
  }
  return std::nullopt;
}

void note_waited(httplib::Response& response, std::chrono::seconds longest) {
  response.set_header("Preference-Applied", "wait=" + std::to_string(longest.count()));
}

}  // namespace darkroom::http
