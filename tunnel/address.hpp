#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/socket.h>
#include <tl/expected.hpp>

namespace darkroom::tunnel {

/// An IP address and a port.
struct Address {
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_storage);

  [[nodiscard]] const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(&storage);  // As the system calls take all of them.
  }
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }

  [[nodiscard]] std::uint16_t port() const;
  /// "192.0.2.1", or "2001:db8::1".
  [[nodiscard]] std::string host() const;
  /// "192.0.2.1:9000", or "[2001:db8::1]:9000".
  [[nodiscard]] std::string text() const;
  /// Whose address it is, for limits per owner: the address, or the 64 bits of an IPv6 address that
  /// one network has (RFC 4291, section 2.5.4), within which anybody may have as many as they like.
  [[nodiscard]] std::string owner() const;
};

/// 127.0.0.1 with that port.
[[nodiscard]] Address loopback(std::uint16_t port);

/// "host:port", with the brackets that an IPv6 address needs.
[[nodiscard]] std::string endpoint_text(const std::string& host, std::uint16_t port);

/// All addresses of a host, by getaddrinfo(3), which may ask name servers and so may take many
/// seconds, unless `host` is an address. The error says why there is none. `to_listen`: for
/// bind(2).
[[nodiscard]] tl::expected<std::vector<Address>, std::string> look_up(const std::string& host,
                                                                      std::uint16_t port,
                                                                      bool to_listen = false);

}  // namespace darkroom::tunnel
