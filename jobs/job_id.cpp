#include "jobs/job_id.hpp"

#include <cstring>
#include <span>

#include "jobs/random.hpp"

namespace darkroom::jobs {
namespace {

constexpr std::size_t text_size = 36;

bool is_dash_position(std::size_t i) {
  return i == 8 || i == 13 || i == 18 || i == 23;
}

std::optional<std::uint8_t> hex_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

JobId JobId::generate(Timestamp now) {
  JobId id;
  fill_random(std::span{id.bytes_}.subspan(6));
  const auto millis = static_cast<std::uint64_t>(now.time_since_epoch().count());
  for (std::size_t i = 0; i < 6; ++i) {
    id.bytes_.at(i) = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  }
  id.bytes_[6] = static_cast<std::uint8_t>(0x70U | (id.bytes_[6] & 0x0FU));  // version 7
  id.bytes_[8] = static_cast<std::uint8_t>(0x80U | (id.bytes_[8] & 0x3FU));  // RFC 9562 variant
  return id;
}

std::optional<JobId> JobId::parse(std::string_view text) {
  if (text.size() != text_size) return std::nullopt;
  Bytes bytes{};
  std::size_t nibble = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_dash_position(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const auto value = hex_value(text[i]);
    if (!value) return std::nullopt;
    auto& byte = bytes.at(nibble / 2);
    byte = static_cast<std::uint8_t>((byte << 4U) | *value);
    ++nibble;
  }
  if ((bytes[6] >> 4U) != 7 || (bytes[8] >> 6U) != 2) return std::nullopt;
  return JobId{bytes};
}

std::string JobId::to_string() const {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string text;
  text.reserve(text_size);
  for (const auto byte : bytes_) {
    if (is_dash_position(text.size())) text.push_back('-');
    text.push_back(hex[byte >> 4U]);
    text.push_back(hex[byte & 0x0FU]);
  }
  return text;
}

}  // namespace darkroom::jobs

std::size_t std::hash<darkroom::jobs::JobId>::operator()(
    const darkroom::jobs::JobId& id) const noexcept {
  // The tail of a UUIDv7 is random, so it is a good hash as it stands.
  std::size_t value = 0;
  std::memcpy(&value, id.bytes().data() + 8, sizeof value);
  return value;
}
