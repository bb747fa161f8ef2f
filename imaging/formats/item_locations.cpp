#include "imaging/formats/item_locations.hpp"

#include <limits>
#include <utility>

namespace darkroom::imaging {
namespace {

std::optional<std::span<const std::byte>> piece_at(std::span<const std::byte> source,
                                                   std::uint64_t base, std::uint64_t offset,
                                                   std::uint64_t length) {
  if (offset > std::numeric_limits<std::uint64_t>::max() - base) return std::nullopt;
  const std::uint64_t start = base + offset;
  if (length == 0 || start > source.size() || length > source.size() - start) return std::nullopt;
  return source.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(length));
}

}  // namespace

ItemLocations::ItemLocations(std::span<const std::byte> file, std::span<const std::byte> locations,
                             std::span<const std::byte> inner)
    : file_(file), inner_(inner), reader_(locations) {
  version_ = reader_.u8();
  reader_.skip(3);
  const unsigned first = reader_.u8();
  const unsigned second = reader_.u8();
  offset_bytes_ = first >> 4U;
  length_bytes_ = first & 0xFU;
  base_bytes_ = second >> 4U;
  if (version_ > 0) index_bytes_ = second & 0xFU;
  items_left_ = version_ < 2 ? reader_.u16_be() : reader_.u32_be();
  ok_ = reader_.ok() && version_ <= 2;
  for (const unsigned bytes : {offset_bytes_, length_bytes_, base_bytes_, index_bytes_})
    ok_ = ok_ && (bytes == 0 || bytes == 4 || bytes == 8);
}

std::uint64_t ItemLocations::number(unsigned bytes) {
  if (bytes == 0) return 0;
  const std::uint64_t high = bytes == 8 ? reader_.u32_be() : 0;
  return (high << 32U) | reader_.u32_be();
}

std::optional<ItemLocation> ItemLocations::next() {
  if (!ok_ || items_left_ == 0) return std::nullopt;
  --items_left_;
  ItemLocation location;
  location.item = version_ < 2 ? reader_.u16_be() : reader_.u32_be();
  const unsigned method = version_ > 0 ? reader_.u16_be() & 0xFU : 0;
  reader_.skip(2);  // The other file in which the data lie, which decoders do not follow.
  const std::uint64_t base = number(base_bytes_);
  const std::uint32_t count = reader_.u16_be();
  // Method 2, data inside another item's, is read by no decoder of ours.
  location.inside = method < 2;
  for (std::uint32_t i = 0; i < count && reader_.ok(); ++i) {
    number(index_bytes_);
    const std::uint64_t offset = number(offset_bytes_);
    const std::uint64_t length = number(length_bytes_);
    const auto piece = piece_at(method == 0 ? file_ : inner_, base, offset, length);
    if (piece) {
      location.pieces.push_back(*piece);
    } else {
      location.inside = false;
    }
  }
  ok_ = reader_.ok();
  return ok_ ? std::optional(std::move(location)) : std::nullopt;
}

}  // namespace darkroom::imaging
