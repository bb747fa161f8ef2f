#include "nodes/base_url.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace darkroom::nodes {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool all_of(std::string_view text, std::string_view others) {
  return !text.empty() && std::ranges::all_of(text, [others](char c) {
    return is_letter_or_digit(c) || others.find(c) != std::string_view::npos;
  });
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, port);
  return read.ec == std::errc{} && read.ptr == end && port != 0;
}

// A name, an IPv4 address, or an IPv6 address in brackets; a port may follow.
bool is_authority(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const std::size_t host_end = bracketed ? text.find(']') : text.find(':');
  if (bracketed && host_end == std::string_view::npos) return false;
  const std::string_view host = text.substr(bracketed ? 1 : 0, host_end - (bracketed ? 1 : 0));
  if (!all_of(host, bracketed ? ":." : "-.")) return false;
  if (host_end == std::string_view::npos) return true;
  const std::string_view port = text.substr(bracketed ? host_end + 1 : host_end);
  return port.empty() || (port.starts_with(':') && is_port(port.substr(1)));
}

}  // namespace

std::optional<std::string> parse_base_url(std::string_view text) {
  std::string_view rest = text;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!rest.starts_with(scheme)) continue;
    rest.remove_prefix(scheme.size());
    if (rest.ends_with('/')) rest.remove_suffix(1);
    if (is_authority(rest)) return std::string{scheme}.append(rest);
  }
  return std::nullopt;
}

}  // namespace darkroom::nodes
