#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>

namespace darkroom::imaging {

/// A look at one plane of samples, 8 bits each; rows from top to bottom.
struct Plane {
  std::uint32_t width = 0;  ///< In pixels; a row has width x channels samples.
  std::uint32_t height = 0;
  std::uint32_t channels = 1;
  std::size_t stride = 0;  ///< Bytes from one row to the next.
  const std::uint8_t* data = nullptr;

  [[nodiscard]] std::span<const std::uint8_t> row(std::uint32_t y) const {
    return {data + stride * y, std::size_t{width} * channels};
  }
};

/// The memory of one plane, from std::pmr's default resource. Its samples are not initialised:
/// whoever makes one writes all of them.
class PlaneBuffer {
 public:
  PlaneBuffer() = default;

  /// Throws std::bad_alloc. `stride` is at least width x channels; `rows` at least `height`, more
  /// where a codec writes whole blocks.
  PlaneBuffer(std::uint32_t width, std::uint32_t height, std::uint32_t channels, std::size_t stride,
              std::uint32_t rows);

  /// Rows that lie one behind the other, without padding.
  [[nodiscard]] static PlaneBuffer tight(std::uint32_t width, std::uint32_t height,
                                         std::uint32_t channels);

  /// Rows that start at multiples of 64 bytes, for a single channel.
  [[nodiscard]] static PlaneBuffer aligned(std::uint32_t width, std::uint32_t height);

  [[nodiscard]] std::uint8_t* row(std::uint32_t y) { return samples_.get() + view_.stride * y; }
  [[nodiscard]] const Plane& view() const { return view_; }
  [[nodiscard]] std::uint32_t width() const { return view_.width; }
  [[nodiscard]] std::uint32_t height() const { return view_.height; }

 private:
  struct Free {
    std::pmr::memory_resource* memory;
    std::size_t bytes;
    void operator()(std::uint8_t* samples) const;
  };

  std::unique_ptr<std::uint8_t[], Free> samples_;
  Plane view_;
};

}  // namespace darkroom::imaging
