#include "http/cross_origins.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "http/header_values.hpp"

namespace darkroom::http {
namespace {

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, port);
  return read.ec == std::errc{} && read.ptr == end && port != 0 && !text.starts_with('0');
}

bool is_host(std::string_view text) {
  const bool bracketed = text.starts_with('[') && text.ends_with(']');
  if (bracketed) text = text.substr(1, text.size() - 2);
  const std::string_view others = bracketed ? ":." : "-._";
  return !text.empty() && std::ranges::all_of(text, [others](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

// As a browser writes the origin of that address: lower case, without the scheme's own port and
// without what stands behind it. Empty where nothing of the kind can be made of it.
std::string nearest_origin(std::string_view text) {
  const std::string lower = to_lower(text);
  const std::size_t colon = lower.find("://");
  const std::string scheme = colon == std::string::npos ? "https" : lower.substr(0, colon);
  if (scheme != "http" && scheme != "https") return {};
  std::string_view rest{lower};
  if (colon != std::string::npos) rest.remove_prefix(colon + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  rest.remove_prefix(rest.find('@') == std::string_view::npos ? 0 : rest.find('@') + 1);
  const std::size_t host_end = rest.starts_with('[') ? rest.find(']') : 0;
  const std::size_t port_at = rest.find(':', std::min(host_end, rest.size()));
  const std::string_view host = rest.substr(0, port_at);
  if (!is_host(host)) return {};
  std::string origin = fmt::format("{}://{}", scheme, host);
  if (port_at == std::string_view::npos) return origin;
  const std::string_view port = rest.substr(port_at + 1);
  if (!is_port(port)) return {};
  const bool usual = port == (scheme == "https" ? "443" : "80");
  return usual ? origin : fmt::format("{}:{}", origin, port);
}

std::string fault_of(std::string_view element, const std::string& nearest) {
  std::string fault = fmt::format("\"{}\" is no origin as browsers send it", element);
  if (!nearest.empty()) return fmt::format("{}; write \"{}\"", fault, nearest);
  if (element == "*") return "\"*\" stands for all origins; write it alone, or list them";
  if (element.find('*') != std::string_view::npos) {
    return fault + ": name each origin in full, or write \"*\" alone for any";
  }
  return fault + "; write it like \"https://app.example\" or \"http://localhost:3000\"";
}

}  // namespace

tl::expected<CrossOrigins, std::string> CrossOrigins::parse(std::string_view list) {
  CrossOrigins origins;
  if (trimmed(list) == "*") {
    origins.any_ = true;
    return origins;
  }
  if (trimmed(list).empty()) return origins;
  while (true) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view element = trimmed(list.substr(0, comma));
    const std::string nearest = nearest_origin(element);
    if (nearest.empty() || nearest != element) {
      return tl::unexpected{fault_of(element, nearest)};
    }
    origins.origins_.push_back(nearest);
    if (comma == list.size()) return origins;
    list.remove_prefix(comma + 1);
  }
}

bool CrossOrigins::allow(std::string_view origin) const {
  return any_ || std::ranges::find(origins_, origin) != origins_.end();
}

}  // namespace darkroom::http
