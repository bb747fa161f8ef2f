#include "http/request_origin.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include "http/client_text.hpp"
#include "http/header_values.hpp"

namespace darkroom::http {
namespace {

// "[::1]" of "[::1]:8000", "localhost" of "LocalHost.:8000".
std::string host_of(std::string_view authority) {
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  const std::size_t colon =
      bracket == std::string_view::npos ? bracket : authority.find(':', bracket);
  std::string host = to_lower(authority.substr(0, colon));
  if (host.ends_with('.')) host.pop_back();
  return host;
}

// Names of this machine that no name server has a say in: RFC 6761, section 6.3, and the loopback
// addresses themselves.
bool is_loopback(const std::string& host) {
  if (host == "localhost" || host.ends_with(".localhost") || host == "[::1]") return true;
  in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 &&
         ntohl(address.s_addr) >> 24U == std::uint32_t{127};
}

bool changes_something(std::string_view method) {
  static constexpr auto reading = std::to_array<std::string_view>({"GET", "HEAD", "OPTIONS"});
  return std::find(reading.begin(), reading.end(), method) == reading.end();
}

// By Fetch Metadata where the browser sends it, which it does to https and to this machine; else by
// Origin, which every browser sends with what changes something. No other client sends either.
bool comes_from_elsewhere(const RequestHead& head, const CrossOrigins& allowed) {
  const auto origin = joined_field(head, "Origin");
  if (origin && allowed.allow(*origin)) return false;
  if (const auto site = joined_field(head, "Sec-Fetch-Site")) {
    return *site != "same-origin" && *site != "none";
  }
  if (!origin) return false;
  const std::size_t scheme = origin->find("://");
  return scheme == std::string::npos ||
         !equals_ignoring_case(origin->substr(scheme + 3), head.authority);
}

}  // namespace

OriginRules::OriginRules(std::string_view allowed_hosts, bool loopback, std::string_view public_url,
                         CrossOrigins origins)
    : origins_(std::move(origins)) {
  if (const auto scheme = public_url.find("://"); scheme != std::string_view::npos) {
    hosts_.push_back(host_of(public_url.substr(scheme + 3)));
  }
  while (!allowed_hosts.empty()) {
    const std::size_t comma = std::min(allowed_hosts.find(','), allowed_hosts.size());
    const std::string host = to_lower(trimmed(allowed_hosts.substr(0, comma)));
    if (host == "*" || (host == "auto" && !loopback)) {
      any_host_ = true;
    } else if (host == "auto") {
      loopback_hosts_ = true;
    } else {
      hosts_.push_back(host);
    }
    allowed_hosts.remove_prefix(std::min(comma + 1, allowed_hosts.size()));
  }
}

bool OriginRules::serves(std::string_view authority) const {
  // Without a name there is nothing to be deceived by; only HTTP/1.0 may leave it out, and no
  // browser does.
  if (any_host_ || authority.empty()) return true;
  const std::string host = host_of(authority);
  return (loopback_hosts_ && is_loopback(host)) ||
         std::find(hosts_.begin(), hosts_.end(), host) != hosts_.end();
}

std::optional<Problem> OriginRules::refusal(const RequestHead& head) const {
  if (!serves(head.authority)) {
    return Problem{ProblemCode::wrong_host,
                   fmt::format("This service does not go by the name {}. Use the address that it "
                               "listens on, or add the name to http.allowed_hosts.",
                               quoted_text(head.authority))};
  }
  if (changes_something(head.method) && comes_from_elsewhere(head, origins_)) {
    return Problem{ProblemCode::cross_site,
                   "A web page of another origin sent this request; only pages of this service's "
                   "own origin and programs may change anything, and pages of http.cors_origins."};
  }
  return std::nullopt;
}

}  // namespace darkroom::http
