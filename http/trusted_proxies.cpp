#include "http/trusted_proxies.hpp"

#include <algorithm>
#include <optional>

#include "http/header_values.hpp"

namespace darkroom::http {
namespace {

// Some proxies write a port behind the address.
std::optional<IpAddress> address_of(std::string_view hop) {
  if (const auto address = IpAddress::parse(hop)) return address;
  if (hop.starts_with('[')) return IpAddress::parse(hop.substr(1, hop.find(']') - 1));
  return IpAddress::parse(hop.substr(0, hop.find(':')));
}

}  // namespace

tl::expected<TrustedProxies, std::string> TrustedProxies::parse(std::string_view list) {
  TrustedProxies proxies;
  if (trimmed(list).empty()) return proxies;
  for (bool more = true; more;) {
    const std::size_t comma = list.find(',');
    const std::string_view entry = trimmed(list.substr(0, comma));
    const auto block = AddressBlock::parse(entry);
    if (!block) return tl::unexpected{std::string{entry}};
    proxies.blocks_.push_back(*block);
    more = comma != std::string_view::npos;
    if (more) list.remove_prefix(comma + 1);
  }
  return proxies;
}

bool TrustedProxies::trust(const IpAddress& address) const {
  return std::ranges::any_of(
      blocks_, [&address](const AddressBlock& block) { return block.contains(address); });
}

IpAddress TrustedProxies::client(const IpAddress& peer,
                                 const std::vector<std::string_view>& forwarded_for) const {
  IpAddress client = peer;
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
