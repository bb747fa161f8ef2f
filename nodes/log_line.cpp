#include "nodes/log_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "nodes/log_pairs.hpp"
#include "persistence/utf8.hpp"

namespace darkroom::nodes {
namespace {

/// The whole number that `text` is, if it is written as one in JSON too (no leading zeros).
std::optional<std::int64_t> json_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && fmt::format("{}", number) == text ? std::optional{number} : std::nullopt;
}

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

void write_text(JsonWriter& json, std::string_view text) {
  const std::string valid = persistence::repaired_utf8(text);
  json.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
}

void write_member(JsonWriter& json, std::string_view key, std::string_view value) {
  json.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
  write_text(json, value);
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
  std::string text =
      fmt::format("{} {:<5} [{}] ", jobs::to_rfc3339(line.time), line.level, line.node);
  for (const char c : line.message) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      text += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      text += fmt::format("\\x{:02x}", byte);
    } else {
      text += c;
    }
  }
  return text + '\n';
}

std::string json_log_line(const LogLine& line) {
  SplitMessage split = split_log_pairs(line.message);
  if (!has_usable_keys(split.pairs)) split = {.text = line.message, .pairs = {}};
  rapidjson::StringBuffer buffer;
  JsonWriter json(buffer);
  json.StartObject();
  write_member(json, "time", jobs::to_rfc3339(line.time));
  write_member(json, "level", line.level);
  write_member(json, "node", line.node);
  write_member(json, "message", split.text);
  for (const LogPair& pair : split.pairs) {
    json.Key(pair.key.data(), static_cast<rapidjson::SizeType>(pair.key.size()));
    const auto number = pair.quoted ? std::nullopt : json_integer(pair.value);
    if (number) {
      json.Int64(*number);
    } else {
      write_text(json, pair.value);
    }
  }
  json.EndObject();
  return std::string{buffer.GetString(), buffer.GetSize()} + '\n';
}

}  // namespace darkroom::nodes
