#include "http/trace_context.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "jobs/random.hpp"

namespace darkroom::http {
namespace {

// "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
constexpr std::size_t length_of_version_00 = 55;

bool is_hex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text) {
  return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

unsigned hex_value(char digit) {
  return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

// 0 is no id.
std::uint64_t random_id() {
  return std::max<std::uint64_t>(jobs::random_u64(), 1);
}

}  // namespace

std::optional<TraceParent> parse_trace_parent(std::string_view text) {
  if (text.size() < length_of_version_00) return std::nullopt;
  const auto version = text.substr(0, 2);
  const auto flags = text.substr(53, 2);
  if (!is_hex(version) || version == "ff" || !is_hex(flags)) return std::nullopt;
  if (text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
  if (text.size() > length_of_version_00 &&
      (version == "00" || text[length_of_version_00] != '-')) {
    return std::nullopt;
  }
  const TraceParent parent{.trace_id = text.substr(3, 32),
                           .parent_id = text.substr(36, 16),
                           .sampled = (hex_value(flags[1]) & 1U) != 0};
  if (!is_id(parent.trace_id) || !is_id(parent.parent_id)) return std::nullopt;
  return parent;
}

std::string trace_parent_for(const RequestHead& head) {
  const auto sent = joined_field(head, "traceparent");
  if (const auto parent = sent ? parse_trace_parent(*sent) : std::nullopt) {
    return fmt::format("00-{}-{:016x}-{}", parent->trace_id, random_id(),
                       parent->sampled ? "01" : "00");
  }
  // Nobody has recorded anything of it.
  return fmt::format("00-{:016x}{:016x}-{:016x}-00", jobs::random_u64(), random_id(), random_id());
}

}  // namespace darkroom::http
