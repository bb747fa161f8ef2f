#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"

namespace darkroom::imaging {

/// The markers of ITU-T T.81, table B.1, that we tell apart: the byte after 0xFF.
namespace jpeg_marker {
inline constexpr std::uint8_t sof0 = 0xC0;  ///< Frame headers are C0 to CF but for DHT, JPG, DAC.
inline constexpr std::uint8_t dht = 0xC4;
inline constexpr std::uint8_t jpg = 0xC8;
inline constexpr std::uint8_t dac = 0xCC;
inline constexpr std::uint8_t sof15 = 0xCF;
inline constexpr std::uint8_t rst0 = 0xD0;
inline constexpr std::uint8_t rst7 = 0xD7;
inline constexpr std::uint8_t soi = 0xD8;
inline constexpr std::uint8_t eoi = 0xD9;
inline constexpr std::uint8_t sos = 0xDA;
inline constexpr std::uint8_t dqt = 0xDB;
inline constexpr std::uint8_t dri = 0xDD;
inline constexpr std::uint8_t app0 = 0xE0;
inline constexpr std::uint8_t app1 = 0xE1;
inline constexpr std::uint8_t app2 = 0xE2;
inline constexpr std::uint8_t app14 = 0xEE;

[[nodiscard]] constexpr bool is_frame_header(std::uint8_t marker) {
  return marker >= sof0 && marker <= sof15 && marker != dht && marker != jpg && marker != dac;
}
}  // namespace jpeg_marker

/// One marker and, where it has one, its segment's payload (after the length).
struct JpegSegment {
  std::uint8_t marker = 0;
  std::span<const std::byte> payload;
};

/// Walks the segments of a JPEG file without decoding.
class JpegSegments {
 public:
  /// Starts behind the SOI marker.
  explicit JpegSegments(std::span<const std::byte> file) : file_(file) {}

  /// The next segment; bytes that belong to none are passed over. Running off the end is an error.
  [[nodiscard]] tl::expected<JpegSegment, Error> next();

  /// Passes over the entropy-coded data behind an SOS segment, with the restart markers in it, of
  /// which it takes at most `max_restarts`. Returns how many there were.
  [[nodiscard]] tl::expected<std::uint64_t, Error> skip_entropy_coded(std::uint64_t max_restarts);

  /// Offset in the file; after skip_entropy_coded that of the 0xFF of the marker which ended it.
  [[nodiscard]] std::size_t position() const { return position_; }

 private:
  std::span<const std::byte> file_;
  std::size_t position_ = 2;
};

}  // namespace darkroom::imaging
