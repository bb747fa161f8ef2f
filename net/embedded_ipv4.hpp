#pragma once

#include <vector>

#include "net/ip_address.hpp"

namespace darkroom::net {

/// The addresses of IPv4 that packets to this one of IPv6 may be meant for in the end: those that
/// translators and tunnels read from it. Several where it depends on the network which one; none
/// for all others, and for addresses of IPv4.
[[nodiscard]] std::vector<IpAddress> embedded_ipv4(const IpAddress& address);

/// Whether it is ISATAP: an interface's part of ::0:5efe:a.b.c.d or ::200:5efe:a.b.c.d, in whatever
/// network. The packets go to a.b.c.d (RFC 5214, section 6.1).
[[nodiscard]] bool is_isatap(const IpAddress& address);

}  // namespace darkroom::net
