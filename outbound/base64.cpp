#include "outbound/base64.hpp"

#include <openssl/evp.h>

namespace darkroom::outbound {

std::string to_base64(std::span<const std::byte> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it by a zero.
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::vector<std::uint8_t> bytes(text.size() / 4 * 3);
  const int length =
      EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
    ++padding;
  if (padding > static_cast<std::size_t>(length)) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  // OpenSSL is lenient with blanks, and with bits that say nothing.
  if (to_base64(std::as_bytes(std::span{bytes})) != text) return std::nullopt;
  return bytes;
}

}  // namespace darkroom::outbound
