#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

struct sockaddr;

namespace darkroom::net {

/// An address of IPv4 or IPv6. One of IPv4 that is written as IPv6 (::ffff:192.0.2.1, as a socket
/// that listens for both gives it) is the one of IPv4.
class IpAddress {
 public:
  /// "192.0.2.1", "2001:db8::1"; nullopt for anything else.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

  /// Who is at the other end of a connected socket; nullopt where that has no such address.
  [[nodiscard]] static std::optional<IpAddress> of_peer(int descriptor);

  /// What a socket is connected to or is about to be; nullopt where that is no address of IPv4 or
  /// IPv6, or is cut off after `size` bytes.
  [[nodiscard]] static std::optional<IpAddress> of(const sockaddr& address, std::size_t size);

  [[nodiscard]] static IpAddress of_ipv4(const std::array<std::uint8_t, 4>& bytes);

  [[nodiscard]] bool is_ipv4() const;
  /// In network order; one of IPv4 is in the last four.
  [[nodiscard]] const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  [[nodiscard]] std::string to_string() const;

  /// What counts as one client: an address of IPv4, or a /64 of IPv6, of which one machine has all
  /// addresses (RFC 4291, section 2.5.4; RFC 6177).
  [[nodiscard]] std::string client() const;

  friend bool operator==(const IpAddress&, const IpAddress&) = default;

 private:
  friend class AddressBlock;

  static constexpr unsigned ipv4_prefix_bits = 96;

  /// The first `bits` of it, the rest zero.
  [[nodiscard]] IpAddress first_bits(unsigned bits) const;

  std::array<std::uint8_t, 16> bytes_{};  ///< IPv4 as ::ffff:0:0/96 (RFC 4291, section 2.5.5.2).
};

/// All addresses that begin with the same bits: "10.0.0.0/8", "2001:db8::/32", "192.0.2.1".
class AddressBlock {
 public:
  /// nullopt where it is none, or has bits behind the length that are not zero.
  [[nodiscard]] static std::optional<AddressBlock> parse(std::string_view text);

  /// Addresses and blocks of them, separated by commas; empty for none. The error is the entry that
  /// is neither.
  [[nodiscard]] static tl::expected<std::vector<AddressBlock>, std::string> parse_list(
      std::string_view list);

  [[nodiscard]] bool contains(const IpAddress& address) const {
    return address.first_bits(bits_) == start_;
  }

 private:
  AddressBlock(const IpAddress& start, unsigned bits) : start_(start), bits_(bits) {}

  IpAddress start_;
  unsigned bits_;
};

}  // namespace darkroom::net
