#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/formats/heif_items.hpp"

namespace darkroom::imaging {

struct ItemLocation {
  HeifItems::Id item = 0;
  std::vector<std::span<const std::byte>> pieces;  ///< Of the item's data, none of them empty.
  bool inside =
      true;  ///< False where a piece is empty or not all in the file; then it is not kept.
};

/// Walks the box iloc, which says where the data of items lie (ISO/IEC 14496-12, section 8.11.3).
class ItemLocations {
 public:
  /// `locations` is the body of iloc, `inner` that of idat, which holds the data of small items.
  ItemLocations(std::span<const std::byte> file, std::span<const std::byte> locations,
                std::span<const std::byte> inner);

  /// None at the end, and where the box cannot be read on: then ok() is false.
  [[nodiscard]] std::optional<ItemLocation> next();

  [[nodiscard]] bool ok() const { return ok_; }

 private:
  /// A number of `bytes` bytes: 0, 4 or 8.
  std::uint64_t number(unsigned bytes);

  std::span<const std::byte> file_;
  std::span<const std::byte> inner_;
  ByteReader reader_;
  unsigned version_ = 0;
  unsigned offset_bytes_ = 0;
  unsigned length_bytes_ = 0;
  unsigned base_bytes_ = 0;
  unsigned index_bytes_ = 0;
  std::uint32_t items_left_ = 0;
  bool ok_ = true;
};

}  // namespace darkroom::imaging
