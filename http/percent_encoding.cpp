#include "http/percent_encoding.hpp"

#include <cstdint>

#include <fmt/format.h>

namespace darkroom::http {
namespace {

bool stays(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view{"-._~/"}.find(c) != std::string_view::npos;
}

}  // namespace

std::string percent_encoded(std::string_view path) {
  std::string encoded;
  for (const char c : path) {
    if (stays(c)) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<std::uint8_t>(c));
    }
  }
  return encoded;
}

}  // namespace darkroom::http
