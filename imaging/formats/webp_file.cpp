#include "imaging/formats/webp_file.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "imaging/colour/srgb_profile.hpp"
#include "imaging/formats/byte_reader.hpp"
#include "imaging/formats/exif.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::size_t riff_header = 12;
constexpr std::size_t chunk_header = 8;

struct Chunk {
  std::string_view type;
  std::size_t offset = 0;  ///< Of the type in the bytes walked.
  std::span<const std::byte> data;
  bool whole = true;  ///< Else `data` are what is there of them.
};

/// Walks RIFF chunks: type, length, data, and a byte of filling behind an odd length.
class Chunks {
 public:
  explicit Chunks(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::optional<Chunk> next() {
    ByteReader reader(bytes_, position_);
    if (reader.remaining() < chunk_header) return std::nullopt;
    reader.skip(4);
    const std::uint64_t length = reader.u32_le();
    const std::size_t available = reader.remaining();
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(length, available));
    const Chunk chunk{.type = as_text(bytes_.subspan(position_, 4)),
                      .offset = position_,
                      .data = bytes_.subspan(position_ + chunk_header, size),
                      .whole = length <= available};
    position_ = std::min(bytes_.size(), position_ + chunk_header + size + size % 2);
    return chunk;
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
};

std::uint32_t u24_le(ByteReader& reader) {
  const std::uint32_t low = reader.u16_le();
  return low | (std::uint32_t{reader.u8()} << 16U);
}

/// A VP8 key frame (RFC 6386, section 9.1).
bool read_lossy(std::span<const std::byte> data, WebpImage& image) {
  ByteReader reader(data);
  const std::uint32_t tag = u24_le(reader);
  const std::uint32_t start_code = u24_le(reader);
  image.size.width = reader.u16_le() & 0x3FFFU;
  image.size.height = reader.u16_le() & 0x3FFFU;
  const bool key_frame = (tag & 1U) == 0;
  return reader.ok() && key_frame && start_code == 0x2A019D;
}

/// A VP8L picture (RFC 9649, section 3.4).
bool read_lossless(std::span<const std::byte> data, WebpImage& image) {
  ByteReader reader(data);
  const std::uint8_t signature = reader.u8();
  const std::uint32_t bits = reader.u32_le();
  image.size = {(bits & 0x3FFFU) + 1, ((bits >> 14U) & 0x3FFFU) + 1};
  image.alpha = ((bits >> 28U) & 1U) != 0;
  image.lossless = true;
  const bool known_version = (bits >> 29U) == 0;
  return reader.ok() && signature == 0x2F && known_version;
}

/// The first picture among these chunks.
std::optional<WebpImage> find_image(std::span<const std::byte> bytes) {
  Chunks chunks(bytes);
  std::optional<std::size_t> alpha;
  while (const auto chunk = chunks.next()) {
    if (chunk->type == "ALPH" && !alpha) alpha = chunk->offset;
    if (chunk->type != "VP8 " && chunk->type != "VP8L") continue;
    WebpImage image;
    const bool read =
        chunk->type == "VP8L" ? read_lossless(chunk->data, image) : read_lossy(chunk->data, image);
    if (!read) return std::nullopt;
    const bool lossy_alpha = alpha && !image.lossless;
    if (lossy_alpha) image.alpha = true;
    const std::size_t start = lossy_alpha ? *alpha : chunk->offset;
    const std::size_t end = chunk->offset + chunk_header + chunk->data.size();
    image.data = bytes.subspan(start, end - start);
    return image;
  }
  return std::nullopt;
}

/// A frame of an animation: its place and size, then its picture.
std::optional<WebpImage> find_frame(std::span<const std::byte> data) {
  constexpr std::size_t frame_header = 16;
  if (data.size() < frame_header) return std::nullopt;
  ByteReader reader(data);
  const std::uint32_t left = u24_le(reader) * 2;
  const std::uint32_t top = u24_le(reader) * 2;
  const Size size{u24_le(reader) + 1, u24_le(reader) + 1};
  auto image = find_image(data.subspan(frame_header));
  if (!image || image->size != size) return std::nullopt;
  image->left = left;
  image->top = top;
  return image;
}

/// What stands among the chunks besides the pictures.
void note(const Chunk& chunk, WebpFile& webp) {
  if (chunk.type == "ICCP" && webp.profile.empty()) webp.profile = chunk.data;
  if (chunk.type == "EXIF" && webp.exif.empty()) {
    // Some writers put the JPEG segment's preamble before the TIFF header.
    constexpr std::string_view preamble("Exif\0\0", 6);
    const bool has_preamble = has_at(chunk.data, 0, preamble);
    webp.exif = chunk.data.subspan(has_preamble ? preamble.size() : 0);
  }
  if (chunk.type == "ANMF") ++webp.frames;
}

bool lies_inside(const WebpImage& image, Size canvas) {
  return image.left <= canvas.width && image.size.width <= canvas.width - image.left &&
         image.top <= canvas.height && image.size.height <= canvas.height - image.top;
}

/// The canvas and whether it is an animation, from the chunk VP8X.
bool read_canvas(const Chunk& chunk, WebpFile& webp) {
  ByteReader reader(chunk.data);
  constexpr std::uint8_t animation = 0x02;
  webp.animated = (reader.u8() & animation) != 0;
  reader.skip(3);
  webp.canvas = {u24_le(reader) + 1, u24_le(reader) + 1};
  return reader.ok();
}

/// The file up to the end that its header tells, as far as it is there.
std::span<const std::byte> container(std::span<const std::byte> file, bool& whole) {
  ByteReader reader(file, std::min<std::size_t>(4, file.size()));
  const std::uint64_t end = std::uint64_t{reader.u32_le()} + chunk_header;
  // The filling behind an odd last chunk is left out now and then.
  whole = end <= file.size() + 1;
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(end, file.size()));
  return file.first(size).subspan(std::min(riff_header, size));
}

StoredPixels stored_in(const WebpFile& webp) {
  const bool alpha = webp.first.alpha || webp.first.size != webp.canvas;
  const bool profile = !webp.profile.empty() && !is_srgb_profile(webp.profile);
  return {.channels = alpha ? 4U : 3U,
          .planes = !webp.first.lossless && !alpha && !profile,
          .profile = profile,
          .lossless = webp.first.lossless};
}

}  // namespace

bool is_webp(std::span<const std::byte> file) {
  return has_at(file, 0, "RIFF") && has_at(file, 8, "WEBP");
}

tl::expected<WebpFile, Error> parse_webp(std::span<const std::byte> file) {
  WebpFile webp;
  const auto bytes = container(file, webp.whole);
  Chunks chunks(bytes);
  auto chunk = chunks.next();
  if (!chunk) return cut_off("WebP");
  const bool extended = chunk->type == "VP8X";
  if (extended && !read_canvas(*chunk, webp)) return cut_off("WebP");
  std::optional<WebpImage> first;
  if (!webp.animated) first = find_image(bytes);
  for (; chunk; chunk = chunks.next()) {
    if (!chunk->whole) webp.whole = false;
    note(*chunk, webp);
    if (webp.animated && webp.frames == 1 && !first && chunk->type == "ANMF") {
      first = find_frame(chunk->data);
    }
  }
  if (!first) return webp.whole ? corrupt("the WebP holds no picture") : cut_off("WebP");
  if (!extended) webp.canvas = first->size;
  const bool fits = webp.animated ? lies_inside(*first, webp.canvas) : first->size == webp.canvas;
  if (!fits) return corrupt("the WebP tells two different sizes");
  webp.frames = std::max(1U, webp.frames);
  webp.first = *first;
  return webp;
}

tl::expected<FileHeader, Error> read_webp_header(std::span<const std::byte> file) {
  const auto webp = parse_webp(file);
  if (!webp) return tl::unexpected(webp.error());
  return FileHeader{.width = webp->canvas.width,
                    .height = webp->canvas.height,
                    .orientation = exif_orientation(webp->exif),
                    .frames = webp->frames,
                    .alpha = webp->first.alpha || webp->first.size != webp->canvas,
                    .stored = stored_in(*webp)};
}

}  // namespace darkroom::imaging
