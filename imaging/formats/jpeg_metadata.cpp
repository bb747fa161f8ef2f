#include "imaging/formats/jpeg_metadata.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/formats/exif.hpp"
#include "imaging/formats/jpeg_segments.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::string_view jfif_name("JFIF\0", 5);
constexpr std::string_view exif_name("Exif\0\0", 6);
constexpr std::string_view icc_name("ICC_PROFILE\0", 12);
constexpr std::string_view adobe_name("Adobe");

/// Collects what the segments say; the frame header may stand anywhere among them.
class MetadataReader {
 public:
  tl::expected<void, Error> take(const JpegSegment& segment);
  /// The header of the first scan, before which there may be no frame header in damaged files.
  void take_scan(const JpegSegment& segment);
  tl::expected<JpegMetadata, Error> finish();
  [[nodiscard]] bool has_frame() const { return frame_.has_value(); }

 private:
  void take_exif(std::span<const std::byte> payload);
  void take_icc(std::span<const std::byte> payload);
  [[nodiscard]] JpegColour colour() const;
  [[nodiscard]] std::vector<std::byte> icc() const;

  struct IccPart {
    std::uint8_t number = 0;  ///< From 1.
    std::uint8_t count = 0;
    std::span<const std::byte> bytes;
  };

  std::optional<JpegFrame> frame_;
  std::optional<std::uint8_t> adobe_transform_;
  bool has_jfif_ = false;
  bool has_exif_ = false;
  bool several_scans_ = false;
  Orientation orientation_ = Orientation::normal;
  std::optional<std::string> copyright_;
  std::vector<IccPart> icc_parts_;
};

tl::expected<void, Error> MetadataReader::take(const JpegSegment& segment) {
  if (jpeg_marker::is_frame_header(segment.marker)) {
    if (frame_) return {};  // The decoder's to complain of.
    auto frame = read_jpeg_frame(segment);
    if (!frame) return tl::unexpected(std::move(frame.error()));
    frame_ = std::move(*frame);
    return {};
  }
  switch (segment.marker) {
    case jpeg_marker::app0:
      has_jfif_ = has_jfif_ || has_at(segment.payload, 0, jfif_name);
      break;
    case jpeg_marker::app1:
      take_exif(segment.payload);
      break;
    case jpeg_marker::app2:
      take_icc(segment.payload);
      break;
    case jpeg_marker::app14:
      // Version, two words of flags, the transform (Adobe Technical Note 5116, section 18).
      if (has_at(segment.payload, 0, adobe_name) && segment.payload.size() >= 12) {
        adobe_transform_ = std::to_integer<std::uint8_t>(segment.payload[11]);
      }
      break;
    default:
      break;
  }
  return {};
}

void MetadataReader::take_exif(std::span<const std::byte> payload) {
  if (has_exif_ || !has_at(payload, 0, exif_name)) return;
  has_exif_ = true;
  orientation_ = exif_orientation(payload.subspan(exif_name.size()));
  copyright_ = exif_copyright(payload.subspan(exif_name.size()));
}

void MetadataReader::take_icc(std::span<const std::byte> payload) {
  if (!has_at(payload, 0, icc_name) || payload.size() < icc_name.size() + 2) return;
  icc_parts_.push_back({.number = std::to_integer<std::uint8_t>(payload[icc_name.size()]),
                        .count = std::to_integer<std::uint8_t>(payload[icc_name.size() + 1]),
                        .bytes = payload.subspan(icc_name.size() + 2)});
}

/// As libjpeg has it, and so all who use it: JFIF is YCbCr, Adobe says which, and component names
/// of letters tell RGB where neither speaks.
JpegColour MetadataReader::colour() const {
  const auto& components = frame_->components;
  constexpr std::uint8_t no_transform = 0;
  if (components.size() == 1) return JpegColour::grey;
  if (components.size() == 4) {
    return adobe_transform_ == no_transform ? JpegColour::cmyk : JpegColour::ycck;
  }
  if (has_jfif_) return JpegColour::ycc;
  if (adobe_transform_) {
    return *adobe_transform_ == no_transform ? JpegColour::rgb : JpegColour::ycc;
  }
  const bool named_rgb =
      components[0].id == 'R' && components[1].id == 'G' && components[2].id == 'B';
  return named_rgb ? JpegColour::rgb : JpegColour::ycc;
}

/// ICC.1:2010, B.4: the parts are numbered, and may stand in any order. A profile of which a part
/// is missing is none.
std::vector<std::byte> MetadataReader::icc() const {
  std::vector<std::byte> profile;
  for (std::size_t number = 1; number <= icc_parts_.size(); ++number) {
    const auto part = std::ranges::find(icc_parts_, number, &IccPart::number);
    if (part == icc_parts_.end() || part->count != icc_parts_.size()) return {};
    profile.insert(profile.end(), part->bytes.begin(), part->bytes.end());
  }
  return profile;
}

void MetadataReader::take_scan(const JpegSegment& segment) {
  if (!frame_) return;
  const std::size_t components = ByteReader(segment.payload).u8();
  several_scans_ = frame_->progressive || components < frame_->components.size();
}

tl::expected<JpegMetadata, Error> MetadataReader::finish() {
  if (frame_->components.size() == 4 && !adobe_transform_) {
    return unsupported("a JPEG of four colour components that does not say which");
  }
  JpegMetadata metadata;
  metadata.colour = colour();
  metadata.orientation = orientation_;
  metadata.several_scans = several_scans_;
  metadata.copyright = std::move(copyright_);
  metadata.icc = icc();
  metadata.frame = std::move(*frame_);
  return metadata;
}

}  // namespace

tl::expected<JpegMetadata, Error> read_jpeg_metadata(std::span<const std::byte> file) {
  JpegSegments segments(file);
  MetadataReader reader;
  while (true) {
    const auto segment = segments.next();
    if (!segment && !reader.has_frame()) return tl::unexpected(segment.error());
    if (!segment || segment->marker == jpeg_marker::eoi) break;
    if (segment->marker == jpeg_marker::sos) {
      reader.take_scan(*segment);
      break;
    }
    if (auto taken = reader.take(*segment); !taken) return tl::unexpected(std::move(taken.error()));
  }
  if (!reader.has_frame()) return corrupt("the JPEG data holds no picture header");
  return reader.finish();
}

std::optional<Subsampling> plane_subsampling(const JpegFrame& frame) {
  const auto& components = frame.components;
  if (components.size() == 1) return Subsampling{};
  if (components.size() != 3) return std::nullopt;
  const bool luma_is_full =
      components[0].across == frame.most_across && components[0].down == frame.most_down;
  const bool chroma_is_alike =
      components[1].across == components[2].across && components[1].down == components[2].down;
  if (!luma_is_full || !chroma_is_alike) return std::nullopt;
  const Subsampling found{static_cast<std::uint8_t>(frame.most_across / components[1].across),
                          static_cast<std::uint8_t>(frame.most_down / components[1].down)};
  constexpr std::array<Subsampling, 6> known{{{1, 1}, {2, 1}, {2, 2}, {1, 2}, {4, 1}, {4, 2}}};
  if (std::ranges::find(known, found) == known.end()) return std::nullopt;
  return found;
}

}  // namespace darkroom::imaging
