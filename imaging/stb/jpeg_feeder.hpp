#pragma once

#include <cstddef>
#include <span>

#include "imaging/formats/jpeg_file.hpp"

namespace darkroom::imaging {

/// Hands a JPEG file to stb_image piece by piece, so that a scan whose data are too short is found.
///
/// On its own stb_image fills what is missing with zero bits, which decode to grey or garbage, and
/// reports success. The feeder puts one-bits (as stuffed 0xFF00 pairs) between each scan's data and
/// the marker behind it. No Huffman code consists of ones alone (T.81, annex C), so a decoder that
/// needs more data than the scan has fails there; one that is done with the scan has fetched at
/// most four such bytes ahead, asks whether the file is at its end, and is given the marker.
class JpegFeeder {
 public:
  JpegFeeder(std::span<const std::byte> file, const JpegScanEnds& scan_ends)
      : file_(file), scan_ends_(scan_ends) {}

  /// Fills the front of `out`; returns how many bytes, 0 at the end of the file.
  std::size_t read(std::span<std::byte> out);

  void skip(std::size_t count);

  /// What stb_image asks when it looks for the marker behind a scan.
  bool at_end();

  /// Asked after the decoder has failed: true where it had come to the end of a scan's data, so
  /// that these are too short (or damaged in their last four bytes).
  [[nodiscard]] bool failed_at_scan_end() const { return filling_given_; }

 private:
  [[nodiscard]] std::size_t stop() const;

  std::span<const std::byte> file_;
  const JpegScanEnds& scan_ends_;
  std::size_t position_ = 0;
  std::size_t scan_ = 0;  ///< Index of the next scan end.
  bool wants_marker_ = false;
  bool filling_given_ = false;  ///< At this scan end.
};

}  // namespace darkroom::imaging
