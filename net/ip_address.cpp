#include "net/ip_address.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace darkroom::net {
namespace {

constexpr std::array<std::uint8_t, 12> ipv4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned all_bits = 128;
constexpr unsigned byte_bits = 8;
constexpr unsigned client_bits = 64;

std::string_view trimmed(std::string_view text) {
  const std::size_t start = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(start);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated{text};
  IpAddress address;
  if (::inet_pton(AF_INET6, terminated.c_str(), address.bytes_.data()) == 1) return address;
  std::ranges::copy(ipv4_prefix, address.bytes_.begin());
  if (::inet_pton(AF_INET, terminated.c_str(), address.bytes_.data() + ipv4_prefix.size()) == 1) {
    return address;
  }
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::of_peer(int descriptor) {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  auto* const generic = reinterpret_cast<sockaddr*>(&storage);
  if (::getpeername(descriptor, generic, &size) != 0) return std::nullopt;
  return of(*generic, size);
}

std::optional<IpAddress> IpAddress::of(const sockaddr& address, std::size_t size) {
  IpAddress read;
  if (address.sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
    const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(address);
    std::memcpy(read.bytes_.data(), &ipv6.sin6_addr, read.bytes_.size());
    return read;
  }
  if (address.sa_family != AF_INET || size < sizeof(sockaddr_in)) return std::nullopt;
  const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(address);
  std::ranges::copy(ipv4_prefix, read.bytes_.begin());
  std::memcpy(read.bytes_.data() + ipv4_prefix.size(), &ipv4.sin_addr, sizeof(ipv4.sin_addr));
  return read;
}

IpAddress IpAddress::of_ipv4(const std::array<std::uint8_t, 4>& bytes) {
  IpAddress address;
  std::ranges::copy(ipv4_prefix, address.bytes_.begin());
  std::ranges::copy(bytes, address.bytes_.begin() + ipv4_prefix.size());
  return address;
}

bool IpAddress::is_ipv4() const {
  return std::equal(ipv4_prefix.begin(), ipv4_prefix.end(), bytes_.begin());
}

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* const start = is_ipv4() ? bytes_.data() + ipv4_prefix.size() : bytes_.data();
  ::inet_ntop(is_ipv4() ? AF_INET : AF_INET6, start, text.data(), text.size());
  return text.data();
}

std::string IpAddress::client() const {
  return is_ipv4() ? to_string()
                   : fmt::format("{}/{}", first_bits(client_bits).to_string(), client_bits);
}

IpAddress IpAddress::first_bits(unsigned bits) const {
  IpAddress first;
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    const unsigned begin = static_cast<unsigned>(i) * byte_bits;
    const unsigned kept = std::clamp(bits, begin, begin + byte_bits) - begin;
    first.bytes_[i] = static_cast<std::uint8_t>(bytes_[i] & (0xff00U >> kept));
  }
  return first;
}

std::optional<AddressBlock> AddressBlock::parse(std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto start = IpAddress::parse(text.substr(0, slash));
  if (!start) return std::nullopt;
  unsigned bits = all_bits;
  if (slash != text.size()) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, bits);
    const unsigned most = start->is_ipv4() ? all_bits - IpAddress::ipv4_prefix_bits : all_bits;
    if (error != std::errc{} || stop != end || bits > most) return std::nullopt;
    if (start->is_ipv4()) bits += IpAddress::ipv4_prefix_bits;
  }
  if (start->first_bits(bits) != *start) return std::nullopt;
  return AddressBlock{*start, bits};
}

tl::expected<std::vector<AddressBlock>, std::string> AddressBlock::parse_list(
    std::string_view list) {
  std::vector<AddressBlock> blocks;
  if (trimmed(list).empty()) return blocks;
  for (bool more = true; more;) {
    const std::size_t comma = list.find(',');
    const std::string_view entry = trimmed(list.substr(0, comma));
    const auto block = parse(entry);
    if (!block) return tl::unexpected{std::string{entry}};
    blocks.push_back(*block);
    more = comma != std::string_view::npos;
    if (more) list.remove_prefix(comma + 1);
  }
  return blocks;
}

}  // namespace darkroom::net
