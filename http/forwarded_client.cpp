#include "http/forwarded_client.hpp"

#include <vector>

#include "http/header_values.hpp"
#include "net/ip_address.hpp"

namespace darkroom::http {

ForwardedClient forwarded_client(std::string_view peer_address, const RequestHead& head,
                                 const TrustedProxies& proxies) {
  const auto peer = net::IpAddress::parse(peer_address);
  if (!peer || !proxies.trust(*peer)) return {};
  std::vector<std::string_view> forwarded_for;
  for (const HeaderField& field : head.fields) {
    if (equals_ignoring_case(field.name, "X-Forwarded-For")) forwarded_for.push_back(field.value);
  }
  const net::IpAddress client = proxies.client(*peer, forwarded_for);
  return {true, client == *peer ? std::nullopt : std::optional{client.to_string()}};
}

}  // namespace darkroom::http
