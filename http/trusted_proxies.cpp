#include "http/trusted_proxies.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "http/header_values.hpp"

namespace darkroom::http {
namespace {

// Some proxies write a port behind the address.
std::optional<net::IpAddress> address_of(std::string_view hop) {
  if (const auto address = net::IpAddress::parse(hop)) return address;
  if (hop.starts_with('[')) return net::IpAddress::parse(hop.substr(1, hop.find(']') - 1));
  return net::IpAddress::parse(hop.substr(0, hop.find(':')));
}

}  // namespace

tl::expected<TrustedProxies, std::string> TrustedProxies::parse(std::string_view list) {
  auto blocks = net::AddressBlock::parse_list(list);
  if (!blocks) return tl::unexpected{std::move(blocks.error())};
  TrustedProxies proxies;
  proxies.blocks_ = *std::move(blocks);
  return proxies;
}

bool TrustedProxies::trust(const net::IpAddress& address) const {
  return std::ranges::any_of(
      blocks_, [&address](const net::AddressBlock& block) { return block.contains(address); });
}

net::IpAddress TrustedProxies::client(const net::IpAddress& peer,
                                      const std::vector<std::string_view>& forwarded_for) const {
  net::IpAddress client = peer;
  for (auto field = forwarded_for.rbegin(); field != forwarded_for.rend(); ++field) {
    std::string_view hops = *field;
    while (trust(client)) {
      const std::size_t comma = hops.rfind(',');
      const std::size_t start = comma == std::string_view::npos ? 0 : comma + 1;
      const auto hop = address_of(trimmed(hops.substr(start)));
      // What a proxy of ours writes can be read; so it is the client's own text.
      if (!hop) return client;
      client = *hop;
      if (start == 0) break;
      hops.remove_suffix(hops.size() - comma);
    }
  }
  return client;
}

}  // namespace darkroom::http
