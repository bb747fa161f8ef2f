#include "net/own_addresses.hpp"

#include <memory>

#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace darkroom::net {

std::vector<IpAddress> own_addresses() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner{first, &::freeifaddrs};
  std::vector<IpAddress> addresses;
  for (const auto* entry = first; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr) continue;
    const bool is_ipv6 = entry->ifa_addr->sa_family == AF_INET6;
    const auto size = is_ipv6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    if (const auto address = IpAddress::of(*entry->ifa_addr, size)) addresses.push_back(*address);
  }
  return addresses;
}

}  // namespace darkroom::net
