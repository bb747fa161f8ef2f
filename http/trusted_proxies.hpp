#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "net/ip_address.hpp"

namespace darkroom::http {

/// The proxies whose word is taken for whom they speak for, in X-Forwarded-For.
class TrustedProxies {
 public:
  /// Addresses and blocks of them, separated by commas; empty for none. The error is the entry that
  /// is neither.
  [[nodiscard]] static tl::expected<TrustedProxies, std::string> parse(std::string_view list);

  [[nodiscard]] bool trust(const net::IpAddress& address) const;

  /// The address of the client whose request came from `peer` with these X-Forwarded-For, in their
  /// order. Each proxy adds whom it had it from at the end, so it is the last address that is none
  /// of a trusted proxy; what stands before it, anybody may have made up.
  [[nodiscard]] net::IpAddress client(const net::IpAddress& peer,
                                      const std::vector<std::string_view>& forwarded_for) const;

 private:
  std::vector<net::AddressBlock> blocks_;
};

}  // namespace darkroom::http
