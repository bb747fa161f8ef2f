#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace darkroom::jobs {

/// The names of an enumeration whose values count up from 0, in that order. One table serves both
/// directions, so what is written can always be read.
template <class Enum, std::size_t Size>
class EnumNames {
 public:
  constexpr explicit EnumNames(const std::array<std::string_view, Size>& names) : names_(names) {}

  /// "unknown" for a value outside the enumeration.
  [[nodiscard]] constexpr std::string_view name(Enum value) const {
    const auto index = static_cast<std::size_t>(value);
    return index < Size ? names_[index] : std::string_view{"unknown"};
  }

  [[nodiscard]] constexpr std::optional<Enum> parse(std::string_view text) const {
    for (std::size_t i = 0; i < Size; ++i) {
      if (names_[i] == text) return static_cast<Enum>(i);
    }
    return std::nullopt;
  }

 private:
  std::array<std::string_view, Size> names_;
};

template <class Enum, class... Names>
[[nodiscard]] constexpr EnumNames<Enum, sizeof...(Names)> enum_names(Names... names) {
  return EnumNames<Enum, sizeof...(Names)>{{std::string_view{names}...}};
}

}  // namespace darkroom::jobs
