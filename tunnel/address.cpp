#include "tunnel/address.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>

namespace darkroom::tunnel {
namespace {

/// 0.0.0.0/0 within IPv6: the last four bytes of ::ffff:a.b.c.d.
in_addr mapped_v4(const in6_addr& address) {
  in_addr v4{};
  std::memcpy(&v4, &address.s6_addr[12], sizeof(v4));
  return v4;
}

std::string to_text(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* const made = ::inet_ntop(family, address, text.data(), text.size());
  return made == nullptr ? "(unknown)" : made;
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

std::string lookup_failure(const std::string& host, int code, int error) {
  if (code == EAI_SYSTEM) {
    return fmt::format("{} cannot be looked up: {}", host, std::generic_category().message(error));
  }
  if (code == EAI_NONAME) return fmt::format("there is no host called {}", host);
  return fmt::format("{} cannot be looked up: {}", host, ::gai_strerror(code));
}

}  // namespace

std::uint16_t Address::port() const {
  if (storage.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
}

std::string Address::host() const {
  if (storage.ss_family != AF_INET6) {
    return to_text(AF_INET, &reinterpret_cast<const sockaddr_in*>(&storage)->sin_addr);
  }
  const in6_addr& v6 = reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_addr;
  if (!IN6_IS_ADDR_V4MAPPED(&v6)) return to_text(AF_INET6, &v6);
  const in_addr v4 = mapped_v4(v6);
  return to_text(AF_INET, &v4);
}

std::string Address::text() const {
  return endpoint_text(host(), port());
}

std::string Address::owner() const {
  if (storage.ss_family != AF_INET6) return host();
  in6_addr v6 = reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return host();
  constexpr std::size_t network_bytes = 8;
  std::memset(&v6.s6_addr[network_bytes], 0, sizeof(v6) - network_bytes);
  return to_text(AF_INET6, &v6);
}

Address loopback(std::uint16_t port) {
  Address address;
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  v4->sin_family = AF_INET;
  v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  v4->sin_port = htons(port);
  address.length = sizeof(sockaddr_in);
  return address;
}

std::string endpoint_text(const std::string& host, std::uint16_t port) {
  const bool brackets = host.find(':') != std::string::npos;
  return brackets ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

tl::expected<std::vector<Address>, std::string> look_up(const std::string& host, std::uint16_t port,
                                                        bool to_listen) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV | (to_listen ? AI_PASSIVE : 0);
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  const int error = errno;
  const std::unique_ptr<addrinfo, FreeAddresses> list{found};
  if (code != 0) return tl::unexpected{lookup_failure(host, code, error)};
  std::vector<Address> addresses;
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6) continue;
    Address address;
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    address.length = entry->ai_addrlen;
    addresses.push_back(address);
  }
  if (addresses.empty()) return tl::unexpected{fmt::format("{} has no IP address", host)};
  return addresses;
}

}  // namespace darkroom::tunnel
