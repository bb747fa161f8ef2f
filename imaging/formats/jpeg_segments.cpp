#include "imaging/formats/jpeg_segments.hpp"

#include <cstring>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::byte marker_prefix{0xFF};
constexpr std::uint8_t restart_count = 8;

std::size_t find_prefix(std::span<const std::byte> file, std::size_t from) {
  if (from >= file.size()) return file.size();
  const void* found =
      std::memchr(file.data() + from, std::to_integer<int>(marker_prefix), file.size() - from);
  if (found == nullptr) return file.size();
  return static_cast<std::size_t>(static_cast<const std::byte*>(found) - file.data());
}

/// The first byte at or behind `from` that is no fill byte.
std::size_t skip_fill(std::span<const std::byte> file, std::size_t from) {
  while (from < file.size() && file[from] == marker_prefix)
    ++from;
  return from;
}

bool stands_alone(std::uint8_t marker) {
  return marker == jpeg_marker::soi || marker == jpeg_marker::eoi || marker == 0x01 ||
         (marker >= jpeg_marker::rst0 && marker <= jpeg_marker::rst7);
}

}  // namespace

tl::expected<JpegSegment, Error> JpegSegments::next() {
  const std::size_t code = skip_fill(file_, find_prefix(file_, position_));
  if (code >= file_.size()) return cut_off("JPEG");
  JpegSegment segment{.marker = std::to_integer<std::uint8_t>(file_[code]), .payload = {}};
  position_ = code + 1;
  if (stands_alone(segment.marker)) return segment;

  ByteReader reader(file_, position_);
  const std::uint16_t length = reader.u16_be();
  if (!reader.ok()) return cut_off("JPEG");
  if (length < 2) return corrupt("a JPEG segment has an impossible length");
  if (length - 2U > reader.remaining()) return cut_off("JPEG");
  segment.payload = file_.subspan(reader.position(), length - 2U);
  position_ += length;
  return segment;
}

tl::expected<std::uint64_t, Error> JpegSegments::skip_entropy_coded(std::uint64_t max_restarts) {
  std::uint64_t restarts = 0;
  while (true) {
    const std::size_t prefix = find_prefix(file_, position_);
    const std::size_t code = skip_fill(file_, prefix);
    if (code >= file_.size()) return cut_off("JPEG");
    const auto marker = std::to_integer<std::uint8_t>(file_[code]);
    const bool stuffed_byte = marker == 0;
    if (!stuffed_byte) {
      const bool restart = marker >= jpeg_marker::rst0 && marker <= jpeg_marker::rst7;
      if (!restart || restarts == max_restarts) {
        position_ = prefix;
        return restarts;
      }
      if (marker - jpeg_marker::rst0 != static_cast<int>(restarts % restart_count)) {
        return corrupt("a stretch of the JPEG data is missing");
      }
      ++restarts;
    }
    position_ = code + 1;
  }
}

}  // namespace darkroom::imaging
