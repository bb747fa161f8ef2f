#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "net/ip_address.hpp"
#include "net/own_addresses.hpp"

namespace darkroom::net {

/// Which addresses a request may go to whose target somebody else has named: those that the public
/// internet reaches, and no others. Else a client could have the service ask what only the service
/// can reach: its own machine, under a public address too, its neighbours, the metadata of its
/// cloud.
class AddressGuard {
 public:
  /// Lets through nothing but public addresses.
  AddressGuard() = default;
  /// Lets through the blocks that are `allowed` too, and of all none that are `denied`. The
  /// machine's own addresses are asked for each time: they come and go. An address of IPv4 that is
  /// denied, or this machine's own, is so within one of IPv6 too (embedded_ipv4()).
  explicit AddressGuard(std::vector<AddressBlock> allowed, std::vector<AddressBlock> denied = {},
                        std::function<std::vector<IpAddress>()> own = own_addresses);

  /// What the address is that no request may go to, such as "loopback"; nullopt where one may. An
  /// address of IPv4 that is written as IPv6 (::ffff:192.0.2.1) is the one of IPv4, as it is to the
  /// system when it connects.
  [[nodiscard]] std::optional<std::string_view> refusal(const IpAddress& address) const;

 private:
  std::vector<AddressBlock> allowed_;
  std::vector<AddressBlock> denied_;
  std::function<std::vector<IpAddress>()> own_ = own_addresses;
};

}  // namespace darkroom::net
