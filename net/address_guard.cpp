#include "net/address_guard.hpp"

#include <algorithm>
#include <utility>

#include "net/embedded_ipv4.hpp"

namespace darkroom::net {
namespace {

struct Special {
  const char* block;
  const char* name;
};

// The IANA IPv4 Special-Purpose Address Registry (RFC 6890), multicast (RFC 5771) and what is
// reserved for the future (RFC 1112, section 4).
constexpr Special special_ipv4[] = {
    {"0.0.0.0/8", "this network"},
    {"10.0.0.0/8", "private"},
    {"100.64.0.0/10", "shared by a carrier's customers"},
    {"127.0.0.0/8", "loopback"},
    // A public address that stands for Azure's own machine beside each virtual one.
    {"168.63.129.16", "a cloud's own"},
    {"169.254.0.0/16", "link-local"},
    {"172.16.0.0/12", "private"},
    {"192.0.0.0/24", "for protocols"},
    {"192.0.2.0/24", "for documentation"},
    {"192.31.196.0/24", "for protocols"},
    {"192.52.193.0/24", "for protocols"},
    {"192.88.99.0/24", "a relay to IPv6"},
    {"192.168.0.0/16", "private"},
    {"192.175.48.0/24", "for protocols"},
    {"198.18.0.0/15", "for benchmarks"},
    {"198.51.100.0/24", "for documentation"},
    {"203.0.113.0/24", "for documentation"},
    {"224.0.0.0/4", "multicast"},
    {"255.255.255.255", "broadcast"},
    {"240.0.0.0/4", "reserved"},
};

// The IANA IPv6 Special-Purpose Address Registry. What lies outside 2000::/3 is refused anyway; it
// stands here for its name.
constexpr Special special_ipv6[] = {
    {"::", "unspecified"},
    {"::1", "loopback"},
    {"::/96", "IPv4 in IPv6"},
    {"::ffff:0:0:0/96", "IPv4 in IPv6"},  // RFC 2765, section 2.1
    {"64:ff9b::/96", "IPv4 in IPv6"},     // NAT64, RFC 6052
    {"64:ff9b:1::/48", "IPv4 in IPv6"},   // NAT64 of a network's own, RFC 8215
    {"100::/64", "discard-only"},
    {"2001::/32", "IPv4 in IPv6"},  // Teredo, RFC 4380
    {"2001:2::/48", "for benchmarks"},
    {"2001::/23", "for protocols"},
    {"2001:db8::/32", "for documentation"},
    {"2002::/16", "IPv4 in IPv6"},  // 6to4, RFC 3056
    {"2620:4f:8000::/48", "for protocols"},
    {"3ffe::/16", "reserved"},  // 6bone, RFC 3701
    {"3fff::/20", "for documentation"},
    {"5f00::/16", "for segment routing"},
    {"fc00::/7", "private"},
    {"fe80::/10", "link-local"},
    {"fec0::/10", "site-local"},
    {"ff00::/8", "multicast"},
};

// Global unicast: all that IANA has given out of IPv6 for it.
constexpr const char* public_ipv6 = "2000::/3";

bool is_in(const char* block, const IpAddress& address) {
  return AddressBlock::parse(block).value().contains(address);
}

/// What it is that the public internet does not reach; nullopt for a public address.
std::optional<std::string_view> special_name(const IpAddress& address) {
  if (address.is_ipv4()) {
    for (const auto& [block, name] : special_ipv4)
      if (is_in(block, address)) return name;
    return std::nullopt;
  }
  for (const auto& [block, name] : special_ipv6)
    if (is_in(block, address)) return name;
  if (!is_in(public_ipv6, address)) return "reserved";
  if (is_isatap(address)) return "IPv4 in IPv6";
  return std::nullopt;
}

}  // namespace

AddressGuard::AddressGuard(std::vector<AddressBlock> allowed, std::vector<AddressBlock> denied,
                           std::function<std::vector<IpAddress>()> own)
    : allowed_(std::move(allowed)), denied_(std::move(denied)), own_(std::move(own)) {}

std::optional<std::string_view> AddressGuard::refusal(const IpAddress& address) const {
  const auto is_of = [](const std::vector<AddressBlock>& blocks, const IpAddress& one) {
    return std::ranges::any_of(blocks, [&](const auto& block) { return block.contains(one); });
  };
  // Where the address leads to in the end, besides itself.
  const auto ends = embedded_ipv4(address);
  const auto is_denied = [&](const IpAddress& one) { return is_of(denied_, one); };
  if (is_denied(address) || std::ranges::any_of(ends, is_denied)) return "denied";
  const bool is_allowed = is_of(allowed_, address);
  if (!is_allowed) {
    if (const auto name = special_name(address)) return name;
  } else if (ends.empty()) {
    return std::nullopt;
  }
  // Whoever allows a translator's block has not allowed this machine behind it.
  const auto own = own_();
  const auto is_own = [&](const IpAddress& one) {
    return std::ranges::find(own, one) != own.end() && !is_of(allowed_, one);
  };
  if (is_own(address) || std::ranges::any_of(ends, is_own)) return "this machine's own";
  return std::nullopt;
}

}  // namespace darkroom::net
