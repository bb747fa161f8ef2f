#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "jobs/rendition.hpp"
#include "nodes/setting_value.hpp"

namespace darkroom::nodes {

/// One thing that can be set, bound to the member of `Owner` that holds it.
template <class Owner>
struct BasicSetting {
  std::string section;  ///< "http"; empty where the owner is a table itself.
  std::string key;      ///< "max_upload"
  ValueType type;
  std::string help;  ///< One line, without the default.
  SettingValue (*get)(const Owner&) = nullptr;
  void (*set)(Owner&, const SettingValue&) = nullptr;
  /// Never printed, never a flag (other users of the machine see command lines), and read from
  /// the file that DARKROOM_<NAME>_FILE names as well as from DARKROOM_<NAME>.
  bool secret = false;
  /// May have a secret in it: never printed where it is set, and no process that is started is told
  /// of it.
  bool discreet = false;

  /// "http.max_upload"
  [[nodiscard]] std::string name() const { return section.empty() ? key : section + "." + key; }
};

template <class Member>
inline constexpr bool is_optional = false;
template <class Value>
inline constexpr bool is_optional<std::optional<Value>> = true;

/// The functions below carry a member's type to a SettingValue and back. An optional member that is
/// none is an empty text.
template <class Member>
[[nodiscard]] SettingValue to_setting_value(const Member& member) {
  if constexpr (std::same_as<Member, std::chrono::milliseconds>) {
    return static_cast<std::uint64_t>(member.count());
  } else if constexpr (std::same_as<Member, std::filesystem::path>) {
    return member.string();
  } else if constexpr (std::is_enum_v<Member> || std::integral<Member>) {
    return static_cast<std::uint64_t>(member);
  } else if constexpr (std::same_as<Member, jobs::Colour>) {
    return jobs::to_string(member);
  } else if constexpr (std::same_as<Member, std::optional<jobs::FocalPoint>>) {
    return member ? jobs::to_string(*member) : std::string{};
  } else if constexpr (std::same_as<Member, std::optional<jobs::Watermark>>) {
    return member ? member->name : std::string{};
  } else if constexpr (is_optional<Member>) {
    return member ? to_setting_value(*member) : SettingValue{std::string{}};
  } else {
    return member;
  }
}

/// `value` must have passed the bounds of the setting's type, which lie within the member's.
template <class Member>
void assign_setting_value(Member& member, const SettingValue& value) {
  if constexpr (std::same_as<Member, std::chrono::milliseconds>) {
    member = Member{static_cast<std::int64_t>(std::get<std::uint64_t>(value))};
  } else if constexpr (std::is_enum_v<Member> || std::integral<Member>) {
    member = static_cast<Member>(std::get<std::uint64_t>(value));
  } else if constexpr (std::same_as<Member, double>) {
    member = std::get<double>(value);
  } else if constexpr (std::same_as<Member, jobs::Colour>) {
    member = jobs::parse_colour(std::get<std::string>(value)).value_or(Member{});
  } else if constexpr (std::same_as<Member, std::optional<jobs::FocalPoint>>) {
    member = jobs::parse_focal_point(std::get<std::string>(value));
  } else if constexpr (std::same_as<Member, std::optional<jobs::Watermark>>) {
    // By its name alone; jobs::resolve_watermarks() adds the rest.
    member = jobs::Watermark{.name = std::get<std::string>(value), .image = {}};
  } else if constexpr (is_optional<Member>) {
    assign_setting_value(member.emplace(), value);
  } else {
    member = std::get<std::string>(value);
  }
}

/// Binds a setting to the member that the chain of member pointers leads to.
template <class Owner, auto... Path>
[[nodiscard]] BasicSetting<Owner> bind_setting(std::string_view section, std::string_view key,
                                               const ValueType& type, std::string_view help) {
  return {
      .section = std::string{section},
      .key = std::string{key},
      .type = type,
      .help = std::string{help},
      .get = [](const Owner& owner) { return to_setting_value((owner.*....*Path)); },
      .set = [](Owner& owner,
                const SettingValue& value) { assign_setting_value((owner.*....*Path), value); }};
}

[[nodiscard]] inline ValueType whole(std::uint64_t min, std::uint64_t max) {
  return {.kind = ValueKind::whole, .min = min, .max = max, .choices = {}};
}
[[nodiscard]] inline ValueType number(double min, double max) {
  return {.kind = ValueKind::number, .min = min, .max = max, .choices = {}};
}
[[nodiscard]] inline ValueType bytes(std::uint64_t min, std::uint64_t max) {
  return {.kind = ValueKind::size, .min = min, .max = max, .choices = {}};
}
[[nodiscard]] inline ValueType pixels(std::uint64_t min, std::uint64_t max) {
  return {.kind = ValueKind::pixels, .min = min, .max = max, .choices = {}};
}
[[nodiscard]] inline ValueType duration(std::chrono::milliseconds min,
                                        std::chrono::milliseconds max) {
  return {.kind = ValueKind::duration,
          .min = static_cast<std::uint64_t>(min.count()),
          .max = static_cast<std::uint64_t>(max.count()),
          .choices = {}};
}
[[nodiscard]] inline ValueType text() {
  return {};
}
[[nodiscard]] inline ValueType flag() {
  return {.kind = ValueKind::flag, .min = {}, .max = {}, .choices = {}};
}
[[nodiscard]] inline ValueType colour() {
  return {.kind = ValueKind::colour, .min = {}, .max = {}, .choices = {}};
}
[[nodiscard]] inline ValueType point() {
  return {.kind = ValueKind::point, .min = {}, .max = {}, .choices = {}};
}

[[nodiscard]] inline ValueType list() {
  return {.kind = ValueKind::list, .min = {}, .max = {}, .choices = {}};
}

[[nodiscard]] inline ValueType any_text() {
  return {.kind = ValueKind::any_text, .min = {}, .max = {}, .choices = {}};
}

[[nodiscard]] inline ValueType file() {
  return {.kind = ValueKind::file, .min = {}, .max = {}, .choices = {}};
}

[[nodiscard]] inline ValueType base_url() {
  return {.kind = ValueKind::base_url, .min = {}, .max = {}, .choices = {}};
}

/// The names of an enumeration that counts up from 0 and whose to_string says "unknown" after the
/// last.
template <class Enum>
[[nodiscard]] ValueType choice() {
  ValueType type{.kind = ValueKind::choice, .min = {}, .max = {}, .choices = {}};
  while (to_string(static_cast<Enum>(type.choices.size())) != "unknown") {
    type.choices.emplace_back(to_string(static_cast<Enum>(type.choices.size())));
  }
  return type;
}

}  // namespace darkroom::nodes
