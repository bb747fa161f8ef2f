#include "nodes/setting_value.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "jobs/rendition.hpp"
#include "nodes/base_url.hpp"
#include "nodes/nearest_name.hpp"
#include "nodes/quantity.hpp"

namespace darkroom::nodes {
namespace {

using Result = tl::expected<SettingValue, std::string>;

tl::unexpected<std::string> refused(const ValueType& type, std::string_view found) {
  return tl::make_unexpected(fmt::format("{}, not {}", expectation(type), found));
}

std::string quoted(std::string_view text) {
  return fmt::format("\"{}\"", text);
}

Result within_bounds(const ValueType& type, SettingValue value) {
  if (value < type.min || type.max < value) return refused(type, value_to_text(type, value));
  return value;
}

/// The whole of `text` as a Number, or nullopt.
template <class Number>
std::optional<Number> exactly(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

Result from_choice(const ValueType& type, std::string_view text) {
  const auto found = std::ranges::find(type.choices, text);
  if (found == type.choices.end()) {
    const auto refusal = refused(type, quoted(text));
    return tl::make_unexpected(refusal.value() + suggestion(text, type.choices));
  }
  return static_cast<std::uint64_t>(found - type.choices.begin());
}

Result from_duration(const ValueType& type, std::string_view text) {
  const auto duration = parse_duration(text);
  if (!duration) return tl::make_unexpected(duration.error());
  return within_bounds(type, static_cast<std::uint64_t>(duration->count()));
}

Result from_amount(const ValueType& type, const tl::expected<std::uint64_t, std::string>& amount) {
  if (!amount) return tl::make_unexpected(amount.error());
  return within_bounds(type, *amount);
}

std::string_view kind_in_words(ValueKind kind) {
  switch (kind) {
    case ValueKind::whole:
      return "a whole number";
    case ValueKind::number:
      return "a number";
    case ValueKind::size:
      return "a size";
    case ValueKind::pixels:
      return "a number of pixels";
    case ValueKind::duration:
      return "a duration";
    case ValueKind::text:
    case ValueKind::choice:
    case ValueKind::flag:
    case ValueKind::colour:
    case ValueKind::point:
    case ValueKind::file:
    case ValueKind::base_url:
    case ValueKind::list:
    case ValueKind::any_text:
      break;
  }
  return "a text";
}

/// The shortest form that reads back to the same double, and that TOML takes for a float.
std::string format_number(double number) {
  std::string text = fmt::format("{}", number);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

std::string expectation(const ValueType& type) {
  if (type.kind == ValueKind::text) return "must be a text that is not empty";
  if (type.kind == ValueKind::file) return "must be the path of a file, or empty for none";
  if (type.kind == ValueKind::base_url) {
    return "must be a URL without a path such as \"https://pictures.example\", or empty";
  }
  if (type.kind == ValueKind::list) return "must be a text such as \"a, b\", or empty for none";
  if (type.kind == ValueKind::any_text) return "must be a text, or empty for none";
  if (type.kind == ValueKind::flag) return "must be true or false";
  if (type.kind == ValueKind::colour) return "must be a colour such as \"#ffcc00\"";
  if (type.kind == ValueKind::point) return "must be two numbers from 0 to 1 such as \"0.3,0.7\"";
  if (type.kind == ValueKind::choice) {
    return fmt::format("must be one of {}", fmt::join(type.choices, ", "));
  }
  return fmt::format("must be {} from {} to {}", kind_in_words(type.kind),
                     value_to_text(type, type.min), value_to_text(type, type.max));
}

Result value_from_text(const ValueType& type, std::string_view text) {
  if (type.kind == ValueKind::whole) {
    const auto number = exactly<std::uint64_t>(text);
    return number ? within_bounds(type, *number) : refused(type, quoted(text));
  }
  if (type.kind == ValueKind::number) {
    const auto number = exactly<double>(text);
    return number ? value_from_number(type, *number) : refused(type, quoted(text));
  }
  if (type.kind == ValueKind::flag) {
    if (text == "true" || text == "false") return value_from_flag(type, text == "true");
    return refused(type, quoted(text));
  }
  return value_from_string(type, text);
}

Result value_from_string(const ValueType& type, std::string_view text) {
  switch (type.kind) {
    case ValueKind::whole:
    case ValueKind::number:
    case ValueKind::flag:
      return refused(type, fmt::format("the text {}", quoted(text)));
    case ValueKind::size:
      return from_amount(type, parse_bytes(text));
    case ValueKind::pixels:
      return from_amount(type, parse_pixels(text));
    case ValueKind::duration:
      return from_duration(type, text);
    case ValueKind::text:
      if (text.empty()) return tl::make_unexpected(std::string{"must not be empty"});
      return std::string{text};
    case ValueKind::file:
    case ValueKind::list:
    case ValueKind::any_text:
      return std::string{text};
    case ValueKind::base_url:
      if (text.empty()) return std::string{};
      if (const auto url = parse_base_url(text)) return *url;
      break;
    case ValueKind::choice:
      return from_choice(type, text);
    case ValueKind::colour:
      if (const auto colour = jobs::parse_colour(text)) return jobs::to_string(*colour);
      break;
    case ValueKind::point:
      if (const auto point = jobs::parse_focal_point(text)) return jobs::to_string(*point);
      break;
  }
  return refused(type, quoted(text));
}

Result value_from_integer(const ValueType& type, std::int64_t integer) {
  const std::string written = fmt::format("{}", integer);
  switch (type.kind) {
    case ValueKind::number:
      return value_from_number(type, static_cast<double>(integer));
    case ValueKind::duration:
      return integer < 0 ? Result{refused(type, written)} : from_duration(type, written);
    case ValueKind::text:
    case ValueKind::choice:
    case ValueKind::flag:
    case ValueKind::colour:
    case ValueKind::point:
    case ValueKind::file:
    case ValueKind::base_url:
    case ValueKind::list:
    case ValueKind::any_text:
      return refused(type, written);
    case ValueKind::whole:
    case ValueKind::size:
    case ValueKind::pixels:
      break;
  }
  if (integer < 0) return refused(type, written);
  return within_bounds(type, static_cast<std::uint64_t>(integer));
}

Result value_from_number(const ValueType& type, double number) {
  const bool fits = type.kind == ValueKind::number && std::isfinite(number);
  return fits ? within_bounds(type, number) : refused(type, format_number(number));
}

Result value_from_flag(const ValueType& type, bool flag) {
  if (type.kind == ValueKind::flag) return static_cast<std::uint64_t>(flag);
  return refused(type, flag ? "true" : "false");
}

Result value_from_list(const ValueType& type, std::span<const double> numbers) {
  if (type.kind != ValueKind::point || numbers.size() != 2) return refused(type, "a list");
  return value_from_string(type, jobs::to_string(jobs::FocalPoint{numbers[0], numbers[1]}));
}

std::string value_to_text(const ValueType& type, const SettingValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<double>(&value)) return format_number(*number);
  const auto whole = std::get<std::uint64_t>(value);
  switch (type.kind) {
    case ValueKind::size:
      return format_bytes(whole);
    case ValueKind::pixels:
      return format_pixels(whole);
    case ValueKind::duration:
      return format_duration(std::chrono::milliseconds{static_cast<std::int64_t>(whole)});
    case ValueKind::choice:
      return type.choices.at(whole);
    case ValueKind::flag:
      return whole == 0 ? "false" : "true";
    default:
      return fmt::format("{}", whole);
  }
}

std::string value_to_toml(const ValueType& type, const SettingValue& value) {
  const std::string text = value_to_text(type, value);
  const bool bare = type.kind == ValueKind::whole || type.kind == ValueKind::number ||
                    type.kind == ValueKind::flag;
  return bare ? text : toml_string(text);
}

std::string toml_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      result += fmt::format("\\u{:04x}", byte);
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string placeholder(const ValueType& type) {
  switch (type.kind) {
    case ValueKind::whole:
    case ValueKind::number:
    case ValueKind::pixels:
      return "NUMBER";
    case ValueKind::size:
      return "SIZE";
    case ValueKind::duration:
      return "DURATION";
    case ValueKind::text:
    case ValueKind::any_text:
      return "TEXT";
    case ValueKind::choice:
      return fmt::format("{}", fmt::join(type.choices, "|"));
    case ValueKind::flag:
      return "true|false";
    case ValueKind::colour:
      return "#RRGGBB";
    case ValueKind::point:
      return "X,Y";
    case ValueKind::file:
      return "FILE";
    case ValueKind::base_url:
      return "URL";
    case ValueKind::list:
      return "A,B";
  }
  return "VALUE";
}

}  // namespace darkroom::nodes
