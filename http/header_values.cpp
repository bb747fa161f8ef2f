#include "http/header_values.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace darkroom::http {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_token_character(char c) {
  const char small = lower(c);
  return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

// Takes a quoted string, whose opening quote is the first character of `rest`.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string value;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return value;
    }
    const bool escape =
        rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\');
    if (escape) ++i;
    value += rest[i];
  }
  return std::nullopt;
}

std::optional<std::string> take_value(std::string_view& rest) {
  if (rest.starts_with('"')) return take_quoted(rest);
  const std::size_t end = std::min(rest.find(';'), rest.size());
  std::string value{trimmed(rest.substr(0, end))};
  rest.remove_prefix(end);
  return value;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    std::uint8_t byte = 0;
    const std::string_view digits = text.substr(i + 1, 2);
    const char* const end = digits.data() + digits.size();
    if (digits.size() != 2 || std::from_chars(digits.data(), end, byte, 16).ptr != end) {
      return std::nullopt;
    }
    decoded += static_cast<char>(byte);
    i += 2;
  }
  return decoded;
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string to_lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool list_contains(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (equals_ignoring_case(trimmed(list.substr(0, comma)), token)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

std::optional<ParameterizedValue> parse_parameterized(std::string_view field) {
  ParameterizedValue result;
  const std::size_t end = std::min(field.find(';'), field.size());
  result.value = to_lower(trimmed(field.substr(0, end)));
  if (result.value.empty()) return std::nullopt;
  std::string_view rest = trimmed(field.substr(end));
  while (!rest.empty()) {
    if (rest[0] != ';') return std::nullopt;
    rest = trimmed(rest.substr(1));
    if (rest.empty() || rest[0] == ';') continue;
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string name = to_lower(trimmed(rest.substr(0, equals)));
    if (!is_token(name)) return std::nullopt;
    rest = trimmed(rest.substr(equals + 1));
    const auto value = take_value(rest);
    if (!value) return std::nullopt;
    result.parameters.emplace(name, *value);
    rest = trimmed(rest);
  }
  return result;
}

std::optional<std::string> filename_of(const ParameterizedValue& disposition) {
  if (const auto extended = disposition.parameters.find("filename*");
      extended != disposition.parameters.end()) {
    // charset'language'percent-encoded
    const std::string_view value = extended->second;
    const std::size_t first = value.find('\'');
    const std::size_t second =
        first == std::string_view::npos ? first : value.find('\'', first + 1);
    if (second != std::string_view::npos && equals_ignoring_case(value.substr(0, first), "utf-8")) {
      if (auto name = percent_decoded(value.substr(second + 1))) return name;
    }
  }
  const auto plain = disposition.parameters.find("filename");
  if (plain == disposition.parameters.end()) return std::nullopt;
  return plain->second;
}

}  // namespace darkroom::http
