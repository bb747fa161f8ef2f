#include "nodes/log_pairs.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

namespace darkroom::nodes {
namespace {

bool is_key(std::string_view text) {
  const auto is_letter = [](unsigned char c) { return std::isalpha(c) != 0; };
  const auto is_key_character = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
  };
  return !text.empty() && is_letter(static_cast<unsigned char>(text.front())) &&
         std::ranges::all_of(text, is_key_character);
}

/// The value in quotes that `text` begins with, and how long it is with them.
std::optional<std::pair<std::string, std::size_t>> quoted_value(std::string_view text) {
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return std::pair{std::move(value), i + 1};
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    value += text[i];
  }
  return std::nullopt;
}

/// The pair that `text` begins with and how long it is; it must end at a space or the end.
std::optional<std::pair<LogPair, std::size_t>> leading_pair(std::string_view text) {
  const std::size_t equals = text.find_first_of("= ");
  if (equals == std::string_view::npos || text[equals] != '=') return std::nullopt;
  LogPair pair;
  pair.key = text.substr(0, equals);
  if (!is_key(pair.key)) return std::nullopt;
  const std::string_view rest = text.substr(equals + 1);
  if (!rest.starts_with('"')) {
    pair.value = rest.substr(0, rest.find(' '));
    if (pair.value.find('"') != std::string::npos) return std::nullopt;
    return std::pair{pair, equals + 1 + pair.value.size()};
  }
  auto quoted = quoted_value(rest);
  if (!quoted) return std::nullopt;
  const std::size_t length = equals + 1 + quoted->second;
  if (length < text.size() && text[length] != ' ') return std::nullopt;
  pair.value = std::move(quoted->first);
  pair.quoted = true;
  return std::pair{std::move(pair), length};
}

}  // namespace

SplitMessage split_log_pairs(std::string_view message) {
  SplitMessage split{.text = message, .pairs = {}};
  std::size_t position = 0;
  while (position < message.size()) {
    auto pair = leading_pair(message.substr(position));
    if (pair) {
      if (split.pairs.empty()) split.text = message.substr(0, position);
      split.pairs.push_back(std::move(pair->first));
      position += pair->second;
    } else {
      // A word: whatever pairs came before it do not end the message.
      split.pairs.clear();
      split.text = message;
      position = std::min(message.find(' ', position), message.size());
    }
    position = std::min(message.find_first_not_of(' ', position), message.size());
  }
  const std::size_t last = split.text.find_last_not_of(' ');
  split.text = split.text.substr(0, last == std::string_view::npos ? 0 : last + 1);
  return split;
}

}  // namespace darkroom::nodes
