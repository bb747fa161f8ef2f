#include "tests/imaging/webp/webp_samples.hpp"

#include "imaging/formats/webp_file.hpp"
#include "imaging/webp/webp_encoder.hpp"

namespace darkroom::imaging::testing {
namespace {

FileBuilder& add_u24(FileBuilder& builder, std::uint32_t value) {
  return builder.u16_le(value).u8(value >> 16U);
}

EncodedImage chunks_of(const EncodedImage& file) {
  return {file.begin() + 12, file.end()};
}

}  // namespace

EncodedImage riff(const EncodedImage& chunks) {
  FileBuilder builder;
  builder.text("RIFF").u32_le(static_cast<std::uint32_t>(chunks.size() + 4)).text("WEBP");
  return builder.append(chunks).file();
}

EncodedImage riff_chunk(std::string_view type, const EncodedImage& data) {
  FileBuilder builder;
  builder.text(type).u32_le(static_cast<std::uint32_t>(data.size())).append(data);
  return builder.zeros(data.size() % 2).file();
}

EncodedImage canvas_chunk(std::uint32_t flags, std::uint32_t width, std::uint32_t height) {
  FileBuilder builder;
  builder.u8(flags).zeros(3);
  add_u24(builder, width - 1);
  add_u24(builder, height - 1);
  return riff_chunk("VP8X", builder.file());
}

EncodedImage animated_webp(std::uint32_t width, std::uint32_t height,
                           const std::vector<WebpFrame>& frames) {
  FileBuilder builder;
  builder.append(canvas_chunk(0x12, width, height));
  builder.append(riff_chunk("ANIM", FileBuilder().u32_le(0xFF0000FF).u16_le(0).file()));
  for (const WebpFrame& frame : frames) {
    const auto webp = parse_webp(frame.file).value();
    FileBuilder data;
    add_u24(data, frame.left / 2);
    add_u24(data, frame.top / 2);
    add_u24(data, webp.canvas.width - 1);
    add_u24(data, webp.canvas.height - 1);
    add_u24(data, 100).u8(0).append(chunks_of(frame.file));
    builder.append(riff_chunk("ANMF", data.file()));
  }
  return riff(builder.file());
}

EncodedImage extended_webp(const EncodedImage& simple, std::uint32_t flags, Size size,
                           const EncodedImage& before, const EncodedImage& behind) {
  FileBuilder builder;
  builder.append(canvas_chunk(flags, size.width, size.height)).append(before);
  return riff(builder.append(chunks_of(simple)).append(behind).file());
}

EncodedImage webp_of(const Frame& frame, bool lossless, int quality) {
  EncodeOptions options{.format = jobs::OutputFormat::webp, .quality = quality};
  options.lossless = lossless;
  return encode_webp(frame, options).value();
}

}  // namespace darkroom::imaging::testing
