#include "imaging/formats/jpeg_file.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "imaging/colour/srgb_profile.hpp"
#include "imaging/formats/byte_reader.hpp"
#include "imaging/formats/jpeg_frame.hpp"
#include "imaging/formats/jpeg_metadata.hpp"
#include "imaging/formats/jpeg_segments.hpp"
#include "imaging/formats/jpeg_tables.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::uint32_t divide_up(std::uint32_t value, std::uint32_t by) {
  return (value + by - 1) / by;
}

/// Walks a JPEG file's segments in order, keeping what later ones depend on.
class JpegChecker {
 public:
  explicit JpegChecker(std::span<const std::byte> file) : segments_(file) {}

  tl::expected<JpegScanEnds, Error> check();

 private:
  tl::expected<void, Error> take(const JpegSegment& segment);
  tl::expected<void, Error> take_scan(std::span<const std::byte> header);
  tl::expected<void, Error> take_scan_component(std::uint8_t id, std::uint8_t tables,
                                                std::uint32_t first_coefficient, bool refines);
  tl::expected<void, Error> skip_scan_data();
  [[nodiscard]] std::uint64_t units_in_scan() const;

  JpegSegments segments_;
  JpegTables tables_;
  std::optional<JpegFrame> frame_;
  std::vector<std::size_t> scan_components_;  ///< Of the scan at hand: indexes of the frame's.
  std::uint32_t restart_interval_ = 0;
  JpegScanEnds scan_ends_;
};

tl::expected<JpegScanEnds, Error> JpegChecker::check() {
  while (true) {
    const auto segment = segments_.next();
    if (!segment) return tl::unexpected(segment.error());
    if (segment->marker == jpeg_marker::eoi) break;
    if (auto taken = take(*segment); !taken) return tl::unexpected(std::move(taken.error()));
  }
  if (!frame_) return corrupt("the JPEG data holds no picture");
  const auto& components = frame_->components;
  if (!std::all_of(components.begin(), components.end(),
                   [](const JpegComponent& component) { return component.coded; })) {
    return cut_off("JPEG");
  }
  return std::move(scan_ends_);
}

tl::expected<void, Error> JpegChecker::take(const JpegSegment& segment) {
  if (jpeg_marker::is_frame_header(segment.marker)) {
    if (frame_) return corrupt("the JPEG data has two headers");
    auto frame = read_jpeg_frame(segment);
    if (!frame) return tl::unexpected(std::move(frame.error()));
    frame_ = std::move(*frame);
    return {};
  }
  switch (segment.marker) {
    case jpeg_marker::dht:
      return tables_.define_huffman(segment.payload);
    case jpeg_marker::dqt:
      return tables_.define_quantization(segment.payload);
    case jpeg_marker::dri:
      restart_interval_ = ByteReader(segment.payload).u16_be();
      return {};
    case jpeg_marker::sos:
      return take_scan(segment.payload);
    default:
      return {};
  }
}

tl::expected<void, Error> JpegChecker::take_scan(std::span<const std::byte> header) {
  if (!frame_) return corrupt("the JPEG data begins before its header");
  ByteReader reader(header);
  const std::size_t count = reader.u8();
  ByteReader coefficients(header, std::min(header.size(), 1 + 2 * count));
  const std::uint32_t first_coefficient = coefficients.u8();
  coefficients.skip(1);
  const bool refines = coefficients.u8() >> 4U != 0;
  if (!coefficients.ok() || coefficients.remaining() != 0 || count == 0) {
    return corrupt("a scan header of the JPEG data is damaged");
  }
  scan_components_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t id = reader.u8();
    const std::uint8_t tables = reader.u8();
    if (auto taken = take_scan_component(id, tables, first_coefficient, refines); !taken) {
      return taken;
    }
  }
  return skip_scan_data();
}

tl::expected<void, Error> JpegChecker::take_scan_component(std::uint8_t id, std::uint8_t tables,
                                                           std::uint32_t first_coefficient,
                                                           bool refines) {
  auto& components = frame_->components;
  const auto found =
      std::find_if(components.begin(), components.end(),
                   [&](const JpegComponent& component) { return component.id == id; });
  const auto index = static_cast<std::size_t>(found - components.begin());
  if (found == components.end() ||
      std::count(scan_components_.begin(), scan_components_.end(), index) != 0) {
    return corrupt("a scan header of the JPEG data is damaged");
  }
  scan_components_.push_back(index);

  const bool codes_dc = first_coefficient == 0 && !refines;
  const bool codes_ac = !frame_->progressive || first_coefficient != 0;
  if ((codes_dc && !tables_.has_dc(tables >> 4U)) ||
      (codes_ac && !tables_.has_ac(tables & 0x0FU))) {
    return corrupt("a Huffman table of the JPEG data is missing");
  }
  if (!tables_.has_quantization(found->quantization)) {
    return corrupt("a quantization table of the JPEG data is missing");
  }
  if (!codes_dc && !found->coded) return corrupt("the scans of the JPEG data are out of order");
  found->coded = true;
  return {};
}

tl::expected<void, Error> JpegChecker::skip_scan_data() {
  // Some encoders write one more marker behind the last interval.
  const std::uint64_t intervals =
      restart_interval_ == 0 ? 0 : (units_in_scan() + restart_interval_ - 1) / restart_interval_;
  const auto restarts = segments_.skip_entropy_coded(intervals);
  if (!restarts) return tl::unexpected(restarts.error());
  if (*restarts + 1 < intervals) return cut_off("JPEG");
  scan_ends_.push_back(segments_.position());
  return {};
}

/// How many MCUs the scan codes (T.81, A.2).
std::uint64_t JpegChecker::units_in_scan() const {
  constexpr std::uint32_t block = 8;
  const auto& frame = *frame_;
  if (scan_components_.size() > 1) {
    return std::uint64_t{divide_up(frame.width, block * frame.most_across)} *
           divide_up(frame.height, block * frame.most_down);
  }
  const JpegComponent& component = frame.components[scan_components_.front()];
  const auto columns = divide_up(frame.width * component.across, frame.most_across);
  const auto rows = divide_up(frame.height * component.down, frame.most_down);
  return std::uint64_t{divide_up(columns, block)} * divide_up(rows, block);
}

/// As libjpeg holds them: in whole MCUs.
std::uint64_t coefficients_in(const JpegFrame& frame) {
  constexpr std::uint32_t block = 8;
  const auto across = std::uint64_t{divide_up(frame.width, block * frame.most_across)};
  const auto down = std::uint64_t{divide_up(frame.height, block * frame.most_down)};
  std::uint64_t blocks = 0;
  for (const JpegComponent& component : frame.components)
    blocks += across * component.across * (down * component.down);
  return blocks * block * block;
}

}  // namespace

tl::expected<FileHeader, Error> read_jpeg_header(std::span<const std::byte> file) {
  const auto metadata = read_jpeg_metadata(file);
  if (!metadata) return tl::unexpected(metadata.error());
  FileHeader header;
  header.width = metadata->frame.width;
  header.height = metadata->frame.height;
  header.orientation = metadata->orientation;
  if (metadata->colour == JpegColour::ycc || metadata->colour == JpegColour::grey) {
    header.jpeg_subsampling = plane_subsampling(metadata->frame);
  }
  const bool in_srgb = metadata->icc.empty() || is_srgb_profile(metadata->icc);
  header.transcodable =
      header.jpeg_subsampling && header.orientation == Orientation::normal && in_srgb;
  header.stored = {
      .channels = metadata->colour == JpegColour::grey ? 1U : 3U,
      .planes = metadata->colour == JpegColour::ycc && header.jpeg_subsampling && in_srgb,
      .profile = !in_srgb,
      .several_passes = metadata->several_scans,
      .coefficients = coefficients_in(metadata->frame)};
  return header;
}

tl::expected<JpegScanEnds, Error> check_jpeg(std::span<const std::byte> file) {
  return JpegChecker(file).check();
}

}  // namespace darkroom::imaging
