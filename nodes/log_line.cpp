#include "nodes/log_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "json/json_writer.hpp"
#include "nodes/log_pairs.hpp"
#include "nodes/printable_text.hpp"

namespace darkroom::nodes {
namespace {

/// The whole number that `text` is, if it is written as one in JSON too (no leading zeros).
std::optional<std::int64_t> json_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && fmt::format("{}", number) == text ? std::optional{number} : std::nullopt;
}

/// An object must not have a member twice, so such pairs stay in the message as they are.
bool has_usable_keys(const std::vector<LogPair>& pairs) {
  constexpr std::array<std::string_view, 4> taken{"time", "level", "node", "message"};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (std::ranges::find(taken, pairs[i].key) != taken.end()) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if (pairs[i].key == pairs[j].key) return false;
    }
  }
  return true;
}

}  // namespace

std::string text_log_line(const LogLine& line) {
  return fmt::format("{} {:<5} [{}] {}\n", jobs::to_rfc3339(line.time), line.level, line.node,
                     printable(line.message));
}

std::string json_log_line(const LogLine& line) {
  SplitMessage split = split_log_pairs(line.message);
  if (!has_usable_keys(split.pairs)) split = {.text = line.message, .pairs = {}};
  json::JsonWriter json;
  json.member("time", jobs::to_rfc3339(line.time));
  json.member("level", line.level);
  json.member("node", line.node);
  json.member("message", split.text);
  for (const LogPair& pair : split.pairs) {
    const auto number = pair.quoted ? std::nullopt : json_integer(pair.value);
    if (number) {
      json.member(pair.key, *number);
    } else {
      json.member(pair.key, pair.value);
    }
  }
  return json.finish() + '\n';
}

}  // namespace darkroom::nodes
