#pragma once

#include <cstddef>
#include <cstdint>

namespace darkroom::imaging {

/// A row of filtered bytes and where it goes.
struct FilteredRow {
  std::uint8_t filter = 0;              ///< Type, 0 to 4 (PNG specification, section 9.2).
  const std::uint8_t* from = nullptr;   ///< One byte behind the row's end may be read.
  const std::uint8_t* above = nullptr;  ///< The row above as it was unfiltered; zeros for the
                                        ///< first. One byte behind its end may be read.
  std::size_t bytes = 0;
  std::size_t pixel_bytes = 1;  ///< Of a whole pixel, at least 1.
};

/// Undoes the filter. `to` may overlap `from` where it begins at least one byte before it. False
/// for a filter type that does not exist.
[[nodiscard]] bool unfilter(const FilteredRow& row, std::uint8_t* to);

}  // namespace darkroom::imaging
