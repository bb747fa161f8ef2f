#include "tests/imaging/sample_files.hpp"

#include <algorithm>
#include <array>

#include <zlib.h>

#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging::testing {
namespace {

EncodedImage to_bytes(const std::vector<std::uint8_t>& values) {
  EncodedImage bytes;
  for (const std::uint8_t value : values)
    bytes.push_back(std::byte{value});
  return bytes;
}

FileBuilder& add_bgr(FileBuilder& builder, const Colour& colour) {
  return builder.u8(colour[2]).u8(colour[1]).u8(colour[0]);
}

FileBuilder tga_header(const Frame& frame, std::uint32_t type, std::uint32_t descriptor) {
  FileBuilder builder;
  builder.u8(0).u8(0).u8(type).zeros(9).u16_le(frame.width()).u16_le(frame.height());
  return builder.u8(24).u8(descriptor);
}

FileBuilder psd_header(const Frame& frame, std::uint32_t compression) {
  FileBuilder builder;
  builder.text("8BPS").u16_be(1).zeros(6).u16_be(3).u32_be(frame.height()).u32_be(frame.width());
  return builder.u16_be(8).u16_be(3).zeros(12).u16_be(compression);
}

/// LZW codes of three bits; a clear code before each pixel keeps them so.
void add_gif_image(FileBuilder& builder, std::uint32_t width, std::uint32_t height,
                   std::uint32_t colour) {
  builder.u8(0x2C).zeros(4).u16_le(width).u16_le(height).u8(0).u8(2);
  std::vector<std::uint8_t> data;
  std::uint32_t bits = 0;
  std::uint32_t count = 0;
  const auto add = [&](std::uint32_t code) {
    bits |= code << count;
    for (count += 3; count >= 8; count -= 8, bits >>= 8U) {
      data.push_back(static_cast<std::uint8_t>(bits));
    }
  };
  constexpr std::uint32_t clear = 4;
  constexpr std::uint32_t end = 5;
  for (std::uint32_t i = 0; i < width * height; ++i) {
    add(clear);
    add(colour);
  }
  add(end);
  data.push_back(static_cast<std::uint8_t>(bits));
  for (std::size_t at = 0; at < data.size(); at += 255) {
    const std::size_t size = std::min<std::size_t>(255, data.size() - at);
    builder.u8(static_cast<std::uint32_t>(size));
    for (std::size_t i = 0; i < size; ++i)
      builder.u8(data[at + i]);
  }
  builder.u8(0);
}

}  // namespace

EncodedImage bytes_of(std::string_view text) {
  return FileBuilder().text(text).file();
}

FileBuilder& FileBuilder::text(std::string_view text) {
  for (const char c : text)
    file_.push_back(static_cast<std::byte>(c));
  return *this;
}

FileBuilder& FileBuilder::u8(std::uint32_t value) {
  file_.push_back(static_cast<std::byte>(value & 0xFFU));
  return *this;
}

FileBuilder& FileBuilder::u16_le(std::uint32_t value) {
  return u8(value).u8(value >> 8U);
}

FileBuilder& FileBuilder::u32_le(std::uint32_t value) {
  return u16_le(value).u16_le(value >> 16U);
}

FileBuilder& FileBuilder::u16_be(std::uint32_t value) {
  return u8(value >> 8U).u8(value);
}

FileBuilder& FileBuilder::u32_be(std::uint32_t value) {
  return u16_be(value >> 16U).u16_be(value);
}

FileBuilder& FileBuilder::bytes(const std::vector<std::uint8_t>& values) {
  return append(to_bytes(values));
}

FileBuilder& FileBuilder::zeros(std::size_t count) {
  file_.insert(file_.end(), count, std::byte{0});
  return *this;
}

FileBuilder& FileBuilder::append(const EncodedImage& other) {
  file_.insert(file_.end(), other.begin(), other.end());
  return *this;
}

EncodedImage png_chunk(std::string_view type, const EncodedImage& data) {
  FileBuilder body;
  body.text(type).append(data);
  const auto* start = reinterpret_cast<const Bytef*>(body.file().data());
  const auto checksum = static_cast<std::uint32_t>(crc32_z(0, start, body.file().size()));
  FileBuilder chunk;
  chunk.u32_be(static_cast<std::uint32_t>(data.size())).append(body.file()).u32_be(checksum);
  return chunk.file();
}

EncodedImage png_file(std::uint32_t width, std::uint32_t height, int depth, int colour,
                      const std::vector<std::uint8_t>& rows,
                      const std::vector<std::uint8_t>& palette) {
  uLongf size = compressBound(static_cast<uLong>(rows.size()));
  std::vector<std::uint8_t> packed(size);
  compress(packed.data(), &size, rows.data(), static_cast<uLong>(rows.size()));
  packed.resize(size);

  FileBuilder header;
  header.u32_be(width).u32_be(height);
  header.u8(static_cast<std::uint32_t>(depth)).u8(static_cast<std::uint32_t>(colour)).zeros(3);
  FileBuilder file;
  file.text("\x89PNG\r\n\x1A\n").append(png_chunk("IHDR", header.file()));
  if (!palette.empty()) file.append(png_chunk("PLTE", to_bytes(palette)));
  file.append(png_chunk("IDAT", to_bytes(packed))).append(png_chunk("IEND", {}));
  return file.file();
}

EncodedImage bmp_of(const Frame& frame) {
  FileBuilder builder;
  builder.text("BM").zeros(8).u32_le(54).u32_le(40).u32_le(frame.width()).u32_le(frame.height());
  builder.u16_le(1).u16_le(24).zeros(24);
  for (std::uint32_t y = frame.height(); y-- > 0;) {
    for (std::uint32_t x = 0; x < frame.width(); ++x)
      add_bgr(builder, colour_at(frame, x, y));
    builder.zeros(frame.width() % 4);  // Rows of 3 bytes a pixel, filled up to whole fours.
  }
  return builder.file();
}

EncodedImage tga_of(const Frame& frame, bool right_to_left) {
  constexpr std::uint32_t top_to_bottom = 0x20;
  FileBuilder builder = tga_header(frame, 2, top_to_bottom | (right_to_left ? 0x10U : 0U));
  for (std::uint32_t y = 0; y < frame.height(); ++y) {
    for (std::uint32_t x = 0; x < frame.width(); ++x) {
      add_bgr(builder, colour_at(frame, right_to_left ? frame.width() - 1 - x : x, y));
    }
  }
  return builder.file();
}

EncodedImage coded_tga_of(const Frame& frame) {
  FileBuilder builder = tga_header(frame, 10, 0x20);
  for (std::uint32_t y = 0; y < frame.height(); ++y) {
    for (std::uint32_t x = 0; x < frame.width(); ++x) {
      add_bgr(builder.u8(0x80), colour_at(frame, x, y));  // A run of one pixel.
    }
  }
  return builder.file();
}

EncodedImage psd_of(const Frame& frame) {
  FileBuilder builder = psd_header(frame, 0);
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::uint32_t y = 0; y < frame.height(); ++y) {
      for (std::uint32_t x = 0; x < frame.width(); ++x)
        builder.u8(colour_at(frame, x, y)[c]);
    }
  }
  return builder.file();
}

EncodedImage coded_psd_of(const Frame& frame) {
  FileBuilder builder = psd_header(frame, 1);
  for (std::uint32_t i = 0; i < 3 * frame.height(); ++i)
    builder.u16_be(2 * frame.width());
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::uint32_t y = 0; y < frame.height(); ++y) {
      for (std::uint32_t x = 0; x < frame.width(); ++x) {
        builder.u8(0).u8(colour_at(frame, x, y)[c]);  // One byte as it is.
      }
    }
  }
  return builder.file();
}

EncodedImage ppm_of(const Frame& frame) {
  FileBuilder builder;
  builder.text("P6\n# a comment\n" + std::to_string(frame.width()) + " " +
               std::to_string(frame.height()) + "\n255\n");
  const auto samples = frame.samples();
  return builder.bytes({samples.begin(), samples.end()}).file();
}

EncodedImage gif_file(std::uint32_t width, std::uint32_t height, int frames) {
  FileBuilder builder;
  builder.text("GIF89a").u16_le(width).u16_le(height).u8(0x81).u8(0).u8(0);
  for (const Colour& colour : {red, green, blue, yellow}) {
    builder.u8(colour[0]).u8(colour[1]).u8(colour[2]);
  }
  for (int i = 0; i < frames; ++i) {
    add_gif_image(builder, width, height, static_cast<std::uint32_t>(i % 4));
  }
  return builder.u8(0x3B).file();
}

EncodedImage hdr_file(std::uint32_t width, std::uint32_t height) {
  FileBuilder builder;
  builder.text("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y " + std::to_string(height) + " +X " +
               std::to_string(width) + "\n");
  const std::array<std::uint32_t, 4> rgbe{128, 64, 32, 128};  // 0.5, 0.25, 0.125
  for (std::uint32_t y = 0; y < height; ++y) {
    if (width >= 8) {
      builder.u16_be(0x0202).u16_be(width);
      for (const std::uint32_t component : rgbe) {
        for (std::uint32_t x = 0; x < width; ++x)
          builder.u8(1).u8(component);
      }
    } else {
      for (std::uint32_t x = 0; x < width; ++x) {
        for (const std::uint32_t component : rgbe)
          builder.u8(component);
      }
    }
  }
  return builder.file();
}

EncodedImage exif_block(std::uint32_t orientation, bool big_endian) {
  FileBuilder builder;
  if (big_endian) {
    builder.text("MM").u16_be(42).u32_be(8).u16_be(1);
    builder.u16_be(0x0112).u16_be(3).u32_be(1).u16_be(orientation).u16_be(0).u32_be(0);
  } else {
    builder.text("II").u16_le(42).u32_le(8).u16_le(1);
    builder.u16_le(0x0112).u16_le(3).u32_le(1).u16_le(orientation).u16_le(0).u32_le(0);
  }
  return builder.file();
}

EncodedImage with_exif(const EncodedImage& jpeg, std::uint32_t orientation, bool big_endian) {
  const EncodedImage block = exif_block(orientation, big_endian);
  FileBuilder builder;
  builder.u16_be(0xFFD8).u16_be(0xFFE1).u16_be(static_cast<std::uint32_t>(block.size() + 8));
  builder.text("Exif").zeros(2).append(block);
  return builder.append({jpeg.begin() + 2, jpeg.end()}).file();
}

EncodedImage progressive_jpeg() {
  return to_bytes({
      0xFF, 0xD8, 0xFF, 0xDB, 0x00, 0x43, 0x00, 0x10, 0x0B, 0x0C, 0x0E, 0x0C, 0x0A, 0x10, 0x0E,
      0x0D, 0x0E, 0x12, 0x11, 0x10, 0x13, 0x18, 0x28, 0x1A, 0x18, 0x16, 0x16, 0x18, 0x31, 0x23,
      0x25, 0x1D, 0x28, 0x3A, 0x33, 0x3D, 0x3C, 0x39, 0x33, 0x38, 0x37, 0x40, 0x48, 0x5C, 0x4E,
      0x40, 0x44, 0x57, 0x45, 0x37, 0x38, 0x50, 0x6D, 0x51, 0x57, 0x5F, 0x62, 0x67, 0x68, 0x67,
      0x3E, 0x4D, 0x71, 0x79, 0x70, 0x64, 0x78, 0x5C, 0x65, 0x67, 0x63, 0xFF, 0xC2, 0x00, 0x0B,
      0x08, 0x00, 0x18, 0x00, 0x18, 0x01, 0x01, 0x11, 0x00, 0xFF, 0xC4, 0x00, 0x15, 0x00, 0x01,
      0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x05, 0x06, 0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x00, 0x01, 0x1D, 0x45, 0x65,
      0x94, 0x56, 0x59, 0x45, 0x7F, 0xFF, 0xC4, 0x00, 0x15, 0x10, 0x01, 0x01, 0x00, 0x00, 0x00,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xFF, 0xDA,
      0x00, 0x08, 0x01, 0x01, 0x00, 0x01, 0x05, 0x02, 0x9A, 0x69, 0xA6, 0x9A, 0x69, 0xA6, 0x9B,
      0xFF, 0xC4, 0x00, 0x14, 0x10, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x30, 0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01, 0x00, 0x06,
      0x3F, 0x02, 0x1F, 0xFF, 0xC4, 0x00, 0x14, 0x10, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x30, 0xFF, 0xDA, 0x00, 0x08, 0x01,
      0x01, 0x00, 0x01, 0x3F, 0x21, 0x10, 0x07, 0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00,
      0x00, 0x10, 0xDB, 0x7F, 0xFF, 0xC4, 0x00, 0x15, 0x10, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x41, 0xFF, 0xDA, 0x00,
      0x08, 0x01, 0x01, 0x00, 0x01, 0x3F, 0x10, 0x94, 0xA5, 0x29, 0x4A, 0x52, 0x97, 0xFF, 0xD9,
  });
}

}  // namespace darkroom::imaging::testing
