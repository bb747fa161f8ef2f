#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

namespace darkroom::imaging {

/// A box of the ISO base media file format (ISO/IEC 14496-12, section 4.2).
struct IsoBox {
  std::string_view type;            ///< Four letters.
  std::span<const std::byte> body;  ///< Behind size and type.
};

/// Walks the boxes that lie one behind the other.
class IsoBoxes {
 public:
  explicit IsoBoxes(std::span<const std::byte> bytes) : bytes_(bytes) {}

  /// The next box; none at the end, and where a box is said to be longer than what is there.
  [[nodiscard]] std::optional<IsoBox> next();

 private:
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
};

/// The body of the first box of this type.
[[nodiscard]] std::optional<std::span<const std::byte>> find_box(std::span<const std::byte> bytes,
                                                                 std::string_view type);

/// The body of the box at the end of a path of types, each the first in the one before.
[[nodiscard]] std::optional<std::span<const std::byte>> find_box(
    std::span<const std::byte> bytes, std::initializer_list<std::string_view> path);

}  // namespace darkroom::imaging
