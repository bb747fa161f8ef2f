#include "persistence/content_digest.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include <openssl/evp.h>

#include "persistence/hex.hpp"

namespace darkroom::persistence {
namespace {

constexpr std::string_view key = "sha-256=:";
constexpr std::size_t digest_bytes = 32;
constexpr std::size_t base64_digits = 44;  ///< The last one is padding.

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// OpenSSL skips blanks at both ends, which here are none of the digest.
bool is_base64_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

}  // namespace

std::string content_digest(std::string_view sha256) {
  const auto bytes = parse_hex_sha256(sha256);
  if (!bytes) return {};
  std::array<unsigned char, base64_digits + 1> digits{};
  EVP_EncodeBlock(digits.data(), bytes->data(), static_cast<int>(bytes->size()));
  return std::string{key}.append(reinterpret_cast<const char*>(digits.data()), base64_digits) + ":";
}

std::optional<std::string> sha256_of_digest(std::string_view field) {
  // A dictionary of byte sequences (RFC 8941): base64 has neither commas nor colons.
  while (!field.empty()) {
    const auto comma = std::min(field.find(','), field.size());
    const auto member = trimmed(field.substr(0, comma));
    field.remove_prefix(std::min(comma + 1, field.size()));
    if (!member.starts_with(key)) continue;
    const auto digits = member.substr(key.size(), base64_digits);
    if (member.size() != key.size() + base64_digits + 1 || !member.ends_with(':')) {
      return std::nullopt;
    }
    if (digits.back() != '=' || !std::all_of(digits.begin(), digits.end() - 1, is_base64_digit)) {
      return std::nullopt;
    }
    // The byte that the padding stands for is written too, as zero.
    std::array<std::uint8_t, digest_bytes + 1> bytes{};
    if (EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(digits.data()),
                        base64_digits) != static_cast<int>(bytes.size())) {
      return std::nullopt;
    }
    return to_hex(std::span<const std::uint8_t>{bytes}.first(digest_bytes));
  }
  return std::nullopt;
}

}  // namespace darkroom::persistence
