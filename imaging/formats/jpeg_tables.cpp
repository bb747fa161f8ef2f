#include "imaging/formats/jpeg_tables.hpp"

#include "imaging/formats/byte_reader.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::uint32_t max_symbols = 256;
constexpr std::uint32_t longest_code = 16;

/// Reads the counts of codes per length (T.81, B.2.4.2). Returns their sum, or 0 for counts that
/// no prefix code can have.
std::uint32_t read_code_counts(ByteReader& reader) {
  std::uint32_t symbols = 0;
  std::uint32_t codes = 0;
  bool possible = true;
  for (std::uint32_t length = 1; length <= longest_code; ++length) {
    const std::uint32_t count = reader.u8();
    symbols += count;
    codes = codes * 2 + count;
    possible = possible && codes <= (1U << length);
    if (!possible) codes = 0;
  }
  return possible && symbols <= max_symbols ? symbols : 0;
}

}  // namespace

tl::expected<void, Error> JpegTables::define_huffman(std::span<const std::byte> payload) {
  ByteReader reader(payload);
  while (reader.remaining() > 0) {
    const std::uint8_t head = reader.u8();
    const std::size_t slot = head & 0x0FU;
    const std::uint32_t symbols = read_code_counts(reader);
    reader.skip(symbols);
    if (head >> 4U > 1 || slot >= dc_.size() || symbols == 0 || !reader.ok()) {
      return corrupt("a Huffman table of the JPEG data is damaged");
    }
    (head >> 4U == 0 ? dc_ : ac_)[slot] = true;
  }
  return {};
}

tl::expected<void, Error> JpegTables::define_quantization(std::span<const std::byte> payload) {
  ByteReader reader(payload);
  while (reader.remaining() > 0) {
    const std::uint8_t head = reader.u8();
    const std::size_t slot = head & 0x0FU;
    reader.skip(head >> 4U == 0 ? 64 : 128);
    if (head >> 4U > 1 || slot >= quantization_.size() || !reader.ok()) {
      return corrupt("a quantization table of the JPEG data is damaged");
    }
    quantization_[slot] = true;
  }
  return {};
}

}  // namespace darkroom::imaging
