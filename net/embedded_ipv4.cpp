#include "net/embedded_ipv4.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace darkroom::net {
namespace {

/// Which bytes of an address of the block are one of IPv4, in order.
struct Form {
  const char* block;
  std::array<std::size_t, 4> places;
};

constexpr std::array<std::size_t, 4> last{12, 13, 14, 15};

constexpr Form forms[] = {
    {"::/96", last},            // IPv4-compatible, RFC 4291, section 2.5.5.1
    {"::ffff:0:0:0/96", last},  // RFC 2765, section 2.1
    {"64:ff9b::/96", last},     // NAT64, RFC 6052
    // NAT64 of a network's own (RFC 8215), which cuts its prefix as it likes: RFC 6052,
    // section 2.2.
    {"64:ff9b:1::/48", last},
    {"64:ff9b:1::/48", {6, 7, 9, 10}},
    {"64:ff9b:1::/48", {7, 9, 10, 11}},
    {"64:ff9b:1::/48", {9, 10, 11, 12}},
    {"2001::/32", {4, 5, 6, 7}},  // Teredo's server, RFC 4380, section 4
    {"2002::/16", {2, 3, 4, 5}},  // 6to4, RFC 3056
};

/// Its client's address has all bits the other way round.
constexpr const char* teredo = "2001::/32";

bool is_in(const char* block, const IpAddress& address) {
  return AddressBlock::parse(block).value().contains(address);
}

IpAddress read(const IpAddress& address, const std::array<std::size_t, 4>& places,
               std::uint8_t flipped = 0) {
  std::array<std::uint8_t, 4> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes.at(i) = static_cast<std::uint8_t>(address.bytes().at(places.at(i)) ^ flipped);
  return IpAddress::of_ipv4(bytes);
}

}  // namespace

std::vector<IpAddress> embedded_ipv4(const IpAddress& address) {
  std::vector<IpAddress> found;
  // Both are in the first block, and are not of that form.
  if (address.is_ipv4() || is_in("::", address) || is_in("::1", address)) return found;
  for (const auto& [block, places] : forms)
    if (is_in(block, address)) found.push_back(read(address, places));
  // No address at all: a form that this one does not have. Denying them would deny every other.
  std::erase_if(found, [](const IpAddress& read) { return is_in("0.0.0.0/8", read); });
  if (is_in(teredo, address)) found.push_back(read(address, last, 0xff));
  if (is_isatap(address)) found.push_back(read(address, last));
  return found;
}

bool is_isatap(const IpAddress& address) {
  const auto& bytes = address.bytes();
  return (bytes[8] & 0xfdU) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
}

}  // namespace darkroom::net
