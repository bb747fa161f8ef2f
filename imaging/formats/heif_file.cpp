#include "imaging/formats/heif_file.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "imaging/colour/srgb_profile.hpp"
#include "imaging/formats/byte_reader.hpp"
#include "imaging/formats/coded_items.hpp"
#include "imaging/formats/heif_items.hpp"
#include "imaging/formats/hevc_size.hpp"
#include "imaging/formats/iso_boxes.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

using Brands = std::span<const std::string_view>;

constexpr std::array<std::string_view, 2> avif_brands{"avif", "avis"};
constexpr std::array<std::string_view, 8> heic_brands{"heic", "heix", "heim", "heis",
                                                      "hevc", "hevx", "hevm", "hevs"};
constexpr std::array<std::string_view, 3> heif_brands{"mif1", "msf1", "miaf"};

/// The box ftyp holds the major brand, a version and the compatible brands, four bytes each.
bool has_brand(std::span<const std::byte> file_type, Brands brands) {
  for (std::size_t at = 0; at + 4 <= file_type.size(); at += 4) {
    if (at == 4) continue;
    const auto brand = as_text(file_type.subspan(at, 4));
    if (std::find(brands.begin(), brands.end(), brand) != brands.end()) return true;
  }
  return false;
}

/// Of the primary picture, or of a grid's first tile.
std::string_view coding(const HeifItems& items) {
  const auto type = items.type(items.primary());
  if (type != "grid") return type;
  const auto tile = items.referred_by(items.primary(), "dimg");
  return tile ? items.type(*tile) : std::string_view{};
}

std::optional<InputFormat> format_of_coding(std::span<const std::byte> file) {
  const auto items = HeifItems::of(file);
  if (!items) return std::nullopt;
  const auto type = coding(*items);
  if (type == "av01") return InputFormat::avif;
  if (type == "hvc1") return InputFormat::heic;
  return std::nullopt;
}

/// Mirrored left to right after what `orientation` does.
Orientation then_mirrored(Orientation orientation) {
  constexpr std::array<std::uint8_t, 9> table{0, 2, 1, 4, 3, 6, 5, 8, 7};
  return static_cast<Orientation>(table.at(static_cast<std::size_t>(orientation)));
}

/// Turned anticlockwise by 90 degrees after what `orientation` does.
Orientation then_turned(Orientation orientation, unsigned times) {
  constexpr std::array<std::uint8_t, 9> table{0, 8, 5, 6, 7, 4, 1, 2, 3};
  for (unsigned i = 0; i < times; ++i) {
    orientation = static_cast<Orientation>(table.at(static_cast<std::size_t>(orientation)));
  }
  return orientation;
}

/// A clean aperture: four fractions, width, height, and how far its middle lies from the picture's
/// (ISO/IEC 14496-12, section 12.1.4). Only those that fall on whole pixels are taken.
bool crop(std::span<const std::byte> body, HeifPicture& picture) {
  ByteReader reader(body);
  std::array<std::int64_t, 8> terms{};
  for (std::int64_t& term : terms)
    term = static_cast<std::int32_t>(reader.u32_be());
  const auto place = [](std::int64_t side, const std::int64_t* size, const std::int64_t* offset,
                        std::uint32_t& start, std::uint32_t& length) {
    if (size[1] <= 0 || offset[1] <= 0 || size[0] <= 0 || size[0] % size[1] != 0) return false;
    const std::int64_t wanted = size[0] / size[1];
    // Twice the offset of the middle, so that halves are whole.
    if (offset[0] * 2 % offset[1] != 0) return false;
    const std::int64_t doubled = side - wanted + offset[0] * 2 / offset[1];
    if (doubled < 0 || doubled % 2 != 0 || doubled / 2 + wanted > side) return false;
    start = static_cast<std::uint32_t>(doubled / 2);
    length = static_cast<std::uint32_t>(wanted);
    return true;
  };
  return reader.ok() &&
         place(picture.coded.width, &terms[0], &terms[4], picture.left, picture.shown.width) &&
         place(picture.coded.height, &terms[2], &terms[6], picture.top, picture.shown.height);
}

/// The box colr of the primary picture: an ICC profile, or numbers of ITU-T H.273.
void read_colours(std::span<const std::byte> body, HeifPicture& picture) {
  const auto kind = as_text(body.first(std::min<std::size_t>(4, body.size())));
  ByteReader reader(body, kind.size());
  if (kind == "nclx") {
    constexpr std::uint16_t bt709 = 1;
    constexpr std::uint16_t unspecified = 2;
    const std::uint16_t primaries = reader.u16_be();
    reader.skip(2);
    const std::uint16_t matrix = reader.u16_be();
    picture.profile = picture.profile || (primaries != bt709 && primaries != unspecified);
    picture.planes = matrix == 5 || matrix == 6 || matrix == unspecified;
  } else if (kind == "prof" || kind == "rICC") {
    picture.profile = !is_srgb_profile(body.subspan(kind.size()));
  }
}

struct Properties {
  HeifPicture picture;
  bool sized = false;
  bool cropped_right = true;
  bool turned = false;
  std::optional<HevcSize> hevc;  ///< What the picture's own parameter sets say.
};

void apply(const IsoBox& property, Properties& properties) {
  HeifPicture& picture = properties.picture;
  ByteReader reader(property.body);
  if (property.type == "ispe" && !properties.sized) {
    reader.skip(4);
    picture.coded = {reader.u32_be(), reader.u32_be()};
    picture.shown = picture.coded;
    properties.sized = reader.ok();
  } else if (property.type == "hvcC") {
    properties.hevc = hevc_size(property.body);
  } else if (property.type == "colr") {
    read_colours(property.body, picture);
  } else if (property.type == "clap") {
    // The standards want it before the turns (ISO/IEC 23000-22, section 7.3.6.7).
    if (properties.turned || !crop(property.body, picture)) properties.cropped_right = false;
  } else if (property.type == "irot") {
    picture.orientation = then_turned(picture.orientation, reader.u8() & 3U);
    properties.turned = true;
  } else if (property.type == "imir") {
    // 0: top and bottom change places; 1: left and right.
    const bool left_right = (reader.u8() & 1U) != 0;
    picture.orientation = then_mirrored(picture.orientation);
    if (!left_right) picture.orientation = then_turned(picture.orientation, 2);
    properties.turned = true;
  }
}

bool has_alpha_item(const HeifItems& items) {
  constexpr std::array<std::string_view, 2> names{"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
                                                  "urn:mpeg:hevc:2015:auxid:1"};
  bool found = false;
  items.visit_referring(items.primary(), "auxl", [&](HeifItems::Id auxiliary) {
    items.visit_properties(auxiliary, [&](const IsoBox& property) {
      if (property.type != "auxC" || property.body.size() < 4) return;
      const auto name = as_text(property.body.subspan(4));
      found = found || std::any_of(names.begin(), names.end(), [&](std::string_view alpha) {
                return name.substr(0, name.find('\0')) == alpha;
              });
    });
  });
  return found;
}

/// libheif up to 1.15 writes the size that a picture has after a quarter turn in place of the one
/// before. The coded picture's own header tells which it is.
void mend_turned_size(Properties& properties) {
  HeifPicture& picture = properties.picture;
  if (!properties.hevc || picture.shown != picture.coded) return;
  const Size turned{picture.coded.height, picture.coded.width};
  const bool quarter = picture.orientation >= Orientation::transposed;
  if (!quarter || properties.hevc->shown != turned) return;
  picture.coded = turned;
  picture.shown = turned;
}

/// What is coded may differ in size from what the file tells: a decoder would allocate that. Tiles,
/// and pictures filled up to whole blocks, are a little larger than what they show.
tl::expected<void, Error> check_coded_sizes(std::span<const std::byte> file, const HeifItems& items,
                                            Size told) {
  constexpr std::uint64_t one_tile = std::uint64_t{2'048} * 2'048;
  const std::uint64_t most = std::uint64_t{told.width} * told.height * 2 + one_tile;
  const auto fits = [most](const HevcSize& size) {
    return std::uint64_t{size.coded.width} * size.coded.height <= most;
  };
  const auto two_sizes = [] { return corrupt("the HEIF file tells two different sizes"); };
  IsoBoxes properties = items.all_properties();
  while (const auto property = properties.next()) {
    if (property->type != "hvcC") continue;
    const auto size = hevc_size(property->body);
    if (!size || !fits(*size)) return two_sizes();
  }
  const auto inside = hevc_size_in_items(file, items);
  if (!inside) return tl::unexpected(inside.error());
  if (*inside && !fits(**inside)) return two_sizes();
  return {};
}

/// What the decoder's configurations say, of all pictures in the file: those of a grid stand with
/// its tiles (AV1 codec ISO media file format binding, section 2.3; ISO/IEC 14496-15, 8.3.3.1).
void read_coding(const HeifItems& items, HeifPicture& picture) {
  IsoBoxes properties = items.all_properties();
  while (const auto property = properties.next()) {
    ByteReader reader(property->body);
    std::uint32_t chroma = 1;
    if (property->type == "av1C") {
      reader.skip(2);
      const std::uint32_t bits = reader.u8();
      const bool monochrome = (bits & 0x10U) != 0;
      picture.depth = std::max(picture.depth, (bits & 0x20U) != 0   ? 12U
                                              : (bits & 0x40U) != 0 ? 10U
                                                                    : 8U);
      chroma = monochrome || (bits & 0x0CU) == 0x0CU ? 1 : (bits & 0x08U) != 0 ? 2 : 3;
    } else if (property->type == "hvcC") {
      reader.skip(16);
      chroma = reader.u8() & 3U;
      picture.depth = std::max(picture.depth, (reader.u8() & 7U) + 8U);
    }
    if (chroma >= 2) picture.subsampling.vertical = 1;
    if (chroma == 3) picture.subsampling.horizontal = 1;
  }
}

/// Of two such boxes at the top, this parser would take the first, and libheif the last.
bool has_second_meta(std::span<const std::byte> file) {
  int found = 0;
  IsoBoxes boxes(file);
  while (const auto box = boxes.next()) {
    if (box->type == "meta") ++found;
  }
  return found > 1;
}

/// An image sequence lists the sizes of its samples.
std::uint32_t count_frames(std::span<const std::byte> file) {
  const auto sizes = find_box(file, {"moov", "trak", "mdia", "minf", "stbl", "stsz"});
  if (!sizes) return 1;
  ByteReader reader(*sizes);
  reader.skip(8);
  return std::max(1U, reader.u32_be());
}

}  // namespace

std::optional<InputFormat> heif_format(std::span<const std::byte> file) {
  if (!has_at(file, 4, "ftyp")) return std::nullopt;
  const auto file_type = find_box(file, "ftyp");
  if (!file_type) return std::nullopt;
  if (has_brand(*file_type, avif_brands)) return InputFormat::avif;
  if (has_brand(*file_type, heic_brands)) return InputFormat::heic;
  if (has_brand(*file_type, heif_brands)) return format_of_coding(file);
  return std::nullopt;
}

tl::expected<HeifPicture, Error> parse_heif(std::span<const std::byte> file) {
  const auto items = HeifItems::of(file);
  if (!items) {
    if (find_box(file, "moov")) return unsupported("an image sequence without a still picture");
    return cut_off("HEIF");
  }
  if (has_second_meta(file)) return corrupt("the HEIF file lists its pictures twice");
  const auto type = coding(*items);
  if (type.empty()) return corrupt("the HEIF file does not list its own picture");
  if (type != "av01" && type != "hvc1") {
    return unsupported("a HEIF picture in another coding than AV1 and HEVC");
  }
  // A HEIC goes to libheif, and what its AV1 data announce is not checked here.
  if (heif_format(file) == InputFormat::heic && !items->all_of_type("av01", 0)) {
    return unsupported("a HEIC file with pictures coded in AV1");
  }
  Properties properties;
  items->visit_properties(items->primary(),
                          [&](const IsoBox& property) { apply(property, properties); });
  if (!properties.sized) return corrupt("the HEIF file does not tell its picture's size");
  if (!properties.cropped_right) return unsupported("a HEIF picture cropped between its pixels");
  mend_turned_size(properties);
  if (auto checked = check_coded_sizes(file, *items, properties.picture.coded); !checked) {
    return tl::unexpected(std::move(checked.error()));
  }
  HeifPicture& picture = properties.picture;
  picture.alpha = has_alpha_item(*items);
  read_coding(*items, picture);
  picture.planes = picture.planes && type == "av01" && picture.depth == 8 && !picture.alpha &&
                   !picture.profile && picture.shown == picture.coded;
  properties.picture.frames = count_frames(file);
  return properties.picture;
}

tl::expected<FileHeader, Error> read_heif_header(std::span<const std::byte> file) {
  const auto picture = parse_heif(file);
  if (!picture) return tl::unexpected(picture.error());
  return FileHeader{.width = picture->shown.width,
                    .height = picture->shown.height,
                    .orientation = picture->orientation,
                    .frames = picture->frames,
                    .alpha = picture->alpha,
                    .stored = {.channels = picture->alpha ? 4U : 3U,
                               .depth = picture->depth,
                               .subsampling = picture->subsampling,
                               .cropped = picture->shown != picture->coded,
                               .planes = picture->planes,
                               .profile = picture->profile}};
}

}  // namespace darkroom::imaging
