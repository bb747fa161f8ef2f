#include "imaging/formats/jpeg_frame.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

/// What a frame header's marker says of the coding process (T.81, table B.1), where we refuse it.
std::optional<std::string_view> unsupported_process(std::uint8_t marker) {
  switch (marker) {
    case 0xC0:
    case 0xC1:
    case 0xC2:
      return std::nullopt;
    case 0xC3:
      return "a lossless JPEG";
    case 0xC9:
    case 0xCA:
    case 0xCB:
      return "a JPEG with arithmetic coding";
    default:
      return "a hierarchical JPEG";
  }
}

tl::expected<void, Error> read_components(ByteReader& reader, std::size_t count, JpegFrame& frame) {
  for (std::size_t i = 0; i < count; ++i) {
    JpegComponent component;
    component.id = reader.u8();
    const std::uint8_t factors = reader.u8();
    component.across = factors >> 4U;
    component.down = factors & 0x0FU;
    component.quantization = reader.u8();
    if (component.across < 1 || component.across > 4 || component.down < 1 || component.down > 4) {
      return corrupt("the JPEG header has impossible sampling factors");
    }
    frame.most_across = std::max(frame.most_across, component.across);
    frame.most_down = std::max(frame.most_down, component.down);
    frame.components.push_back(component);
  }
  const bool whole = std::all_of(
      frame.components.begin(), frame.components.end(), [&](const JpegComponent& component) {
        return frame.most_across % component.across == 0 && frame.most_down % component.down == 0;
      });
  if (!whole) return unsupported("a JPEG whose colour is subsampled by a fraction");
  return {};
}

}  // namespace

tl::expected<JpegFrame, Error> read_jpeg_frame(const JpegSegment& segment) {
  if (const auto process = unsupported_process(segment.marker)) return unsupported(*process);
  ByteReader reader(segment.payload);
  const std::uint8_t precision = reader.u8();
  JpegFrame frame;
  frame.progressive = segment.marker == 0xC2;
  frame.height = reader.u16_be();
  frame.width = reader.u16_be();
  const std::size_t count = reader.u8();
  if (!reader.ok() || reader.remaining() != count * 3) {
    return corrupt("the JPEG header has an impossible length");
  }
  if (precision != 8) {
    return unsupported("a JPEG with " + std::to_string(precision) + " bits a sample");
  }
  if (frame.height == 0) return unsupported("a JPEG that gives its height only at its end");
  if (count != 1 && count != 3 && count != 4) {
    return unsupported("a JPEG with " + std::to_string(count) + " colour components");
  }
  if (auto read = read_components(reader, count, frame); !read) {
    return tl::unexpected(std::move(read.error()));
  }
  return frame;
}

}  // namespace darkroom::imaging
