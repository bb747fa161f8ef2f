#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/frame.hpp"
#include "imaging/jpeg/jpeg_reader.hpp"
#include "imaging/size.hpp"

namespace darkroom::imaging {

/// The quantised DCT coefficients of a grey or YCbCr JPEG. Immutable, so that it is shared between
/// threads freely.
class JpegCoefficients {
 public:
  static constexpr std::size_t block_samples = 64;

  struct Component {
    std::uint32_t blocks_across = 0;
    std::array<std::uint16_t, block_samples> quantization{};  ///< In rows, not in zigzag.
    std::vector<const std::int16_t*> rows;  ///< Each blocks_across x block_samples coefficients.
  };

  /// `memory` owns what the components' rows point to.
  JpegCoefficients(Size size, Subsampling subsampling, std::vector<Component> components,
                   std::shared_ptr<const void> memory)
      : size_(size),
        subsampling_(subsampling),
        components_(std::move(components)),
        memory_(std::move(memory)) {}

  [[nodiscard]] Size size() const { return size_; }
  [[nodiscard]] Subsampling subsampling() const { return subsampling_; }
  [[nodiscard]] const std::vector<Component>& components() const { return components_; }

 private:
  Size size_;
  Subsampling subsampling_;
  std::vector<Component> components_;
  std::shared_ptr<const void> memory_;
};

/// Takes the coefficients out of a reader that has read its file with them kept. Throws
/// std::bad_alloc.
[[nodiscard]] tl::expected<std::shared_ptr<const JpegCoefficients>, Error> take_jpeg_coefficients(
    std::shared_ptr<JpegReader> reader, Subsampling subsampling);

}  // namespace darkroom::imaging
