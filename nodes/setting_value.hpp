#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

namespace darkroom::nodes {

/// What a setting's value is and how it is written.
enum class ValueKind : std::uint8_t {
  whole,     ///< 8000
  number,    ///< 2.0
  size,      ///< "64MiB", or a whole number of bytes
  pixels,    ///< "100MP", or a whole number
  duration,  ///< "1m30s"
  text,      ///< not empty
  choice,    ///< one of some words
  flag,      ///< true or false
  colour,    ///< "#rrggbb"
  point,     ///< "0.3,0.7", a part of the width and one of the height
  file,      ///< a path; empty for none
  base_url,  ///< "https://host"; empty for none
  list,      ///< words separated by commas; empty for none
  any_text,  ///< empty for none
};

/// A value of any setting: std::uint64_t for whole, size (bytes), pixels, duration (milliseconds),
/// choice (index of the word) and flag (0 or 1); double for number; std::string for text, colour,
/// point, file, list, base_url and any_text.
using SettingValue = std::variant<std::uint64_t, double, std::string>;

/// The values that a setting takes.
struct ValueType {
  ValueKind kind = ValueKind::text;
  SettingValue min;  ///< Smallest and largest value; meaningless for the kinds from text on.
  SettingValue max;
  std::vector<std::string> choices;
};

/// The parsers return on error a sentence without a subject ("must be ..."), to be put behind the
/// name of the setting. All of them check the bounds.

/// From the environment or a flag, where everything is text.
[[nodiscard]] tl::expected<SettingValue, std::string> value_from_text(const ValueType& type,
                                                                      std::string_view text);
/// From a file that tells these types apart.
[[nodiscard]] tl::expected<SettingValue, std::string> value_from_string(const ValueType& type,
                                                                        std::string_view text);
[[nodiscard]] tl::expected<SettingValue, std::string> value_from_integer(const ValueType& type,
                                                                         std::int64_t integer);
[[nodiscard]] tl::expected<SettingValue, std::string> value_from_number(const ValueType& type,
                                                                        double number);
[[nodiscard]] tl::expected<SettingValue, std::string> value_from_flag(const ValueType& type,
                                                                      bool flag);
/// `numbers` is empty where the list holds anything else.
[[nodiscard]] tl::expected<SettingValue, std::string> value_from_list(
    const ValueType& type, std::span<const double> numbers);

/// "must be a whole number from 0 to 65535": for a value that is of no fitting type at all.
[[nodiscard]] std::string expectation(const ValueType& type);

/// As value_from_text reads it back.
[[nodiscard]] std::string value_to_text(const ValueType& type, const SettingValue& value);

/// As it stands in a TOML file, with quotes where the kind needs them.
[[nodiscard]] std::string value_to_toml(const ValueType& type, const SettingValue& value);

/// `text` as a basic string of TOML, in quotes, with everything escaped that must be.
[[nodiscard]] std::string toml_string(std::string_view text);

/// What stands for the value in a help text: "DURATION", "text|json".
[[nodiscard]] std::string placeholder(const ValueType& type);

}  // namespace darkroom::nodes
