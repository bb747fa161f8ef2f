#include "imaging/formats/exif.hpp"

#include <algorithm>
#include <cstdint>

#include "imaging/formats/byte_reader.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::uint16_t orientation_tag = 0x0112;
constexpr std::uint16_t copyright_tag = 0x8298;
constexpr std::uint16_t type_ascii = 2;
constexpr std::uint16_t type_short = 3;
constexpr std::uint32_t header_bytes = 8;
constexpr std::uint32_t entry_bytes = 12;
constexpr std::uint32_t inline_bytes = 4;  // Values that are not longer stand in the entry itself.

/// Numbers in the byte order that the TIFF header names.
class TiffReader {
 public:
  TiffReader(std::span<const std::byte> bytes, bool big_endian)
      : reader_(bytes), big_endian_(big_endian) {}

  std::uint16_t u16() { return big_endian_ ? reader_.u16_be() : reader_.u16_le(); }
  std::uint32_t u32() { return big_endian_ ? reader_.u32_be() : reader_.u32_le(); }
  void skip(std::uint64_t count) { reader_.skip(count); }
  [[nodiscard]] bool ok() const { return reader_.ok(); }
  [[nodiscard]] std::size_t position() const { return reader_.position(); }

 private:
  ByteReader reader_;
  bool big_endian_;
};

struct Entry {
  std::uint16_t type = 0;
  std::uint32_t values = 0;
  std::size_t value_at = 0;  ///< Offset of the entry's value field.
  bool big_endian = false;
};

/// The entry of a tag in the first directory.
std::optional<Entry> find_entry(std::span<const std::byte> tiff, std::uint16_t wanted) {
  const bool big_endian = has_at(tiff, 0, "MM");
  if (!big_endian && !has_at(tiff, 0, "II")) return std::nullopt;
  TiffReader header(tiff, big_endian);
  header.skip(2);
  if (header.u16() != 42) return std::nullopt;
  const std::uint32_t directory = header.u32();

  TiffReader entries(tiff, big_endian);
  entries.skip(directory);
  const std::uint16_t count = entries.u16();
  for (std::uint16_t i = 0; i < count && entries.ok(); ++i) {
    const std::uint16_t tag = entries.u16();
    Entry entry{.type = entries.u16(), .values = entries.u32(), .big_endian = big_endian};
    entry.value_at = entries.position();
    entries.skip(inline_bytes);
    if (tag != wanted) continue;
    if (!entries.ok()) break;
    return entry;
  }
  return std::nullopt;
}

std::string without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

}  // namespace

Orientation exif_orientation(std::span<const std::byte> tiff) {
  const auto entry = find_entry(tiff, orientation_tag);
  if (!entry || entry->type != type_short || entry->values != 1) return Orientation::normal;
  TiffReader reader(tiff, entry->big_endian);
  reader.skip(entry->value_at);
  const std::uint16_t value = reader.u16();  // A SHORT stands at the front of the value field.
  return value >= 1 && value <= 8 ? static_cast<Orientation>(value) : Orientation::normal;
}

std::optional<std::string> exif_copyright(std::span<const std::byte> tiff) {
  const auto entry = find_entry(tiff, copyright_tag);
  if (!entry || entry->type != type_ascii) return std::nullopt;
  std::size_t start = entry->value_at;
  if (entry->values > inline_bytes) {
    TiffReader reader(tiff, entry->big_endian);
    reader.skip(start);
    start = reader.u32();
  }
  if (start > tiff.size() || entry->values > tiff.size() - start) return std::nullopt;
  // EXIF 2.3, 4.6.4: the photographer's notice, a NUL, the editor's, a NUL.
  std::string_view text = as_text(tiff.subspan(start, entry->values));
  const auto end_of_first = std::min(text.find('\0'), text.size());
  const std::string photographer = without_blanks(text.substr(0, end_of_first));
  text.remove_prefix(std::min(end_of_first + 1, text.size()));
  const std::string editor = without_blanks(text.substr(0, std::min(text.find('\0'), text.size())));
  if (photographer.empty() && editor.empty()) return std::nullopt;
  if (photographer.empty() || editor.empty()) return photographer + editor;
  return photographer + "; " + editor;
}

std::vector<std::byte> exif_with_copyright(std::string_view notice) {
  constexpr std::size_t longest = 60'000;
  notice = notice.substr(0, std::min({notice.size(), longest, notice.find('\0')}));
  const auto values = static_cast<std::uint32_t>(notice.size() + 1);  // With its NUL.
  std::vector<std::byte> block;
  const auto put = [&](std::uint32_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
      block.push_back(static_cast<std::byte>(value >> (8 * i)));
    }
  };
  const auto put_text = [&](std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
      block.push_back(static_cast<std::byte>(i < notice.size() ? notice[i] : '\0'));
    }
  };
  put(0x002A'4949, 4);  // "II*\0": little endian
  put(header_bytes, 4);
  put(1, 2);
  put(copyright_tag, 2);
  put(type_ascii, 2);
  put(values, 4);
  constexpr std::uint32_t behind_directory = header_bytes + 2 + entry_bytes + 4;
  const bool fits_entry = values <= inline_bytes;
  if (fits_entry) {
    put_text(inline_bytes);
  } else {
    put(behind_directory, 4);
  }
  put(0, 4);  // No further directory.
  if (!fits_entry) put_text(values);
  return block;
}

}  // namespace darkroom::imaging
