#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "net/ip_address.hpp"

namespace darkroom::net {

/// Which addresses a request may go to whose target somebody else has named: those that the public
/// internet reaches, and no others. Else a client could have the service ask what only the service
/// can reach: its own machine, its neighbours, the metadata of its cloud.
class AddressGuard {
 public:
  /// Lets through nothing but public addresses.
  AddressGuard() = default;
  /// Lets through these blocks too.
  explicit AddressGuard(std::vector<AddressBlock> allowed);

  /// What the address is that no request may go to, such as "loopback"; nullopt where one may. An
  /// address of IPv4 that is written as IPv6 (::ffff:192.0.2.1) is the one of IPv4, as it is to the
  /// system when it connects.
  [[nodiscard]] std::optional<std::string_view> refusal(const IpAddress& address) const;

 private:
  std::vector<AddressBlock> allowed_;
};

}  // namespace darkroom::net
