#include "imaging/formats/iso_boxes.hpp"

#include "imaging/formats/byte_reader.hpp"

namespace darkroom::imaging {

std::optional<IsoBox> IsoBoxes::next() {
  ByteReader reader(bytes_, position_);
  const std::size_t whole = reader.remaining();
  std::uint64_t size = reader.u32_be();
  const std::size_t type = reader.position();
  reader.skip(4);
  if (size == 1) {
    const std::uint64_t high = reader.u32_be();
    size = (high << 32U) | reader.u32_be();
  } else if (size == 0) {
    size = whole;  // To the end of the file.
  }
  const std::size_t header = reader.position() - position_;
  if (!reader.ok() || size < header || size > whole) return std::nullopt;
  const auto length = static_cast<std::size_t>(size);
  const IsoBox box{.type = as_text(bytes_.subspan(type, 4)),
                   .body = bytes_.subspan(position_ + header, length - header)};
  position_ += length;
  return box;
}

std::optional<std::span<const std::byte>> find_box(std::span<const std::byte> bytes,
                                                   std::string_view type) {
  IsoBoxes boxes(bytes);
  while (const auto box = boxes.next()) {
    if (box->type == type) return box->body;
  }
  return std::nullopt;
}

std::optional<std::span<const std::byte>> find_box(std::span<const std::byte> bytes,
                                                   std::initializer_list<std::string_view> path) {
  std::optional<std::span<const std::byte>> body = bytes;
  for (const std::string_view type : path) {
    body = find_box(*body, type);
    if (!body) return std::nullopt;
  }
  return body;
}

}  // namespace darkroom::imaging
