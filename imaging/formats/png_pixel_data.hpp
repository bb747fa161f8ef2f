#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"
#include "imaging/formats/png_chunks.hpp"

namespace darkroom::imaging {

/// Inflates a PNG's pixel data for the sake of its length and checksum alone; the bytes are thrown
/// away. Memory does not grow with the picture.
class PngPixelData {
 public:
  /// Throws std::bad_alloc where there is no memory for zlib's window.
  explicit PngPixelData(const PngHeader& header);
  ~PngPixelData();
  PngPixelData(const PngPixelData&) = delete;
  PngPixelData& operator=(const PngPixelData&) = delete;

  /// Takes the data of the next IDAT chunk.
  [[nodiscard]] tl::expected<void, Error> take(std::span<const std::byte> data);

  /// Call after the last one: the stream must have ended with all rows of the picture.
  [[nodiscard]] tl::expected<void, Error> finish() const;

 private:
  struct Inflater;

  std::unique_ptr<Inflater> inflater_;
  std::uint64_t expected_bytes_;
  std::uint64_t bytes_ = 0;
  bool ended_ = false;
};

}  // namespace darkroom::imaging
