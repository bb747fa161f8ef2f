#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "imaging/backend.hpp"
#include "imaging/frame.hpp"

/// Files made byte by byte from their specifications, for formats that the backend does not write.
namespace darkroom::imaging::testing {

[[nodiscard]] EncodedImage bytes_of(std::string_view text);

/// Builds a file of numbers in either byte order.
class FileBuilder {
 public:
  FileBuilder& text(std::string_view text);
  FileBuilder& u8(std::uint32_t value);
  FileBuilder& u16_le(std::uint32_t value);
  FileBuilder& u32_le(std::uint32_t value);
  FileBuilder& u16_be(std::uint32_t value);
  FileBuilder& u32_be(std::uint32_t value);
  FileBuilder& bytes(const std::vector<std::uint8_t>& values);
  FileBuilder& zeros(std::size_t count);
  FileBuilder& append(const EncodedImage& other);
  [[nodiscard]] const EncodedImage& file() const { return file_; }

 private:
  EncodedImage file_;
};

/// `width` and `height` as in the header; `rows` are the raw scanlines, filter bytes included.
[[nodiscard]] EncodedImage png_file(std::uint32_t width, std::uint32_t height, int depth,
                                    int colour, const std::vector<std::uint8_t>& rows,
                                    const std::vector<std::uint8_t>& palette = {});

/// One PNG chunk with its checksum.
[[nodiscard]] EncodedImage png_chunk(std::string_view type, const EncodedImage& data);

/// The same rgb frame in each format.
[[nodiscard]] EncodedImage bmp_of(const Frame& frame);
[[nodiscard]] EncodedImage tga_of(const Frame& frame, bool right_to_left = false);
[[nodiscard]] EncodedImage coded_tga_of(const Frame& frame);
[[nodiscard]] EncodedImage psd_of(const Frame& frame);
[[nodiscard]] EncodedImage coded_psd_of(const Frame& frame);
[[nodiscard]] EncodedImage ppm_of(const Frame& frame);

/// A GIF of `frames` frames of one colour each, from a palette of red, green, blue, yellow in turn.
[[nodiscard]] EncodedImage gif_file(std::uint32_t width, std::uint32_t height, int frames = 1);

/// A Radiance picture of one colour; run-length coded from a width of 8 on.
[[nodiscard]] EncodedImage hdr_file(std::uint32_t width, std::uint32_t height);

/// A progressive JPEG of 24x24 grey pixels, dark at the left, light at the right.
[[nodiscard]] EncodedImage progressive_jpeg();

/// A JPEG file with an EXIF segment that tells `orientation`, put in behind SOI.
[[nodiscard]] EncodedImage with_exif(const EncodedImage& jpeg, std::uint32_t orientation,
                                     bool big_endian = false);

/// The TIFF structure in such a segment.
[[nodiscard]] EncodedImage exif_block(std::uint32_t orientation, bool big_endian);

}  // namespace darkroom::imaging::testing
