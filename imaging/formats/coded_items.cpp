#include "imaging/formats/coded_items.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "imaging/formats/byte_reader.hpp"
#include "imaging/formats/item_locations.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

/// Tiles of 512 x 512 pixels make a picture of more than a gigapixel from so many.
constexpr std::size_t most_items = 8'192;

/// Items may share data, but not so often that a small file costs long walks.
constexpr std::uint64_t most_walks = 4;

/// As much of a parameter set as its size can lie in, with room to spare.
constexpr std::size_t most_of_a_unit = 512;

/// Reads the pieces of an item one behind the other.
class PieceReader {
 public:
  explicit PieceReader(const std::vector<std::span<const std::byte>>& pieces) : pieces_(pieces) {
    for (const auto piece : pieces_)
      remaining_ += piece.size();
  }

  [[nodiscard]] std::uint64_t remaining() const { return remaining_; }

  /// Fills `to`, which is not longer than what remains.
  void read(std::span<std::byte> to) {
    advance(to.size(), [&](std::span<const std::byte> part) {
      std::copy(part.begin(), part.end(), to.begin());
      to = to.subspan(part.size());
    });
  }

  /// Not more than what remains.
  void skip(std::uint64_t count) {
    advance(count, [](std::span<const std::byte> /*part*/) {});
  }

 private:
  template <typename Take>
  void advance(std::uint64_t count, const Take& take) {
    remaining_ -= count;
    while (count > 0) {
      const auto rest = pieces_[piece_].subspan(at_);
      const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(count, rest.size()));
      take(rest.first(part));
      count -= part;
      at_ += part;
      if (at_ < pieces_[piece_].size()) continue;
      ++piece_;
      at_ = 0;
    }
  }

  const std::vector<std::span<const std::byte>>& pieces_;
  std::size_t piece_ = 0;
  std::size_t at_ = 0;
  std::uint64_t remaining_ = 0;
};

/// Each NAL unit has its length before it. The box hvcC may say that this takes fewer than four
/// bytes; libheif takes it for four all the same, and what counts is what the decoder will see.
tl::expected<void, Error> take_units(PieceReader reader, std::optional<HevcSize>& largest) {
  while (reader.remaining() > 0) {
    std::array<std::byte, 4> prefix{};
    if (reader.remaining() < prefix.size()) return cut_off("HEIF");
    reader.read(prefix);
    const std::uint32_t length = ByteReader(prefix).u32_be();
    if (length > reader.remaining()) return cut_off("HEIF");
    std::array<std::byte, most_of_a_unit> buffer{};
    const auto unit = std::span(buffer).first(std::min<std::size_t>(length, buffer.size()));
    reader.read(unit);
    reader.skip(length - unit.size());
    if (!is_sequence_parameter_set(unit)) continue;
    const auto size = size_in_parameter_set(unit);
    if (!size) return corrupt("the HEIF file does not tell how large its coded picture is");
    largest = largest ? larger(*largest, *size) : *size;
  }
  return {};
}

}  // namespace

tl::expected<std::optional<HevcSize>, Error> hevc_size_in_items(std::span<const std::byte> file,
                                                                const HeifItems& items) {
  const auto coded = items.all_of_type("hvc1", most_items);
  if (!coded) return unsupported("a HEIF file of more than 8192 coded pictures");
  std::optional<HevcSize> largest;
  if (coded->empty()) return largest;
  std::uint64_t left = most_walks * file.size();
  ItemLocations locations(file, items.locations(), items.inner_data());
  while (const auto location = locations.next()) {
    if (!std::binary_search(coded->begin(), coded->end(), location->item)) continue;
    if (!location->inside) return cut_off("HEIF");
    const PieceReader reader(location->pieces);
    if (reader.remaining() > left) return corrupt("the HEIF file lists the same data many times");
    left -= reader.remaining();
    if (auto taken = take_units(reader, largest); !taken) return tl::unexpected(taken.error());
  }
  if (!locations.ok()) return corrupt("the HEIF file does not tell where its picture lies");
  return largest;
}

}  // namespace darkroom::imaging
