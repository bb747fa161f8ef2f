#include "imaging/formats/hevc_size.hpp"

#include <cstdint>

#include "imaging/formats/byte_reader.hpp"

namespace darkroom::imaging {
namespace {

/// Reads the bits of a NAL unit, leaving out the bytes that keep start codes from appearing
/// (ITU-T H.265, section 7.3.1.1). Past the end it gives zeros and ok() turns false.
class NalBits {
 public:
  explicit NalBits(std::span<const std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }

  std::uint32_t take(unsigned count) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < count; ++i)
      value = (value << 1U) | bit();
    return value;
  }

  void skip(unsigned count) {
    for (unsigned i = 0; i < count; ++i)
      bit();
  }

  /// An Exp-Golomb code, ue(v) in section 9.2.
  std::uint32_t golomb() {
    unsigned zeros = 0;
    while (ok_ && bit() == 0) {
      if (++zeros > 31) ok_ = false;
    }
    if (!ok_) return 0;
    return (1U << zeros) - 1 + take(zeros);
  }

 private:
  std::uint32_t bit() {
    if (left_ == 0) next_byte();
    if (!ok_) return 0;
    return (byte_ >> --left_) & 1U;
  }

  void next_byte() {
    constexpr std::byte emulation_prevention{3};
    if (zeros_ >= 2 && at_ < bytes_.size() && bytes_[at_] == emulation_prevention) {
      ++at_;
      zeros_ = 0;
    }
    if (at_ >= bytes_.size()) {
      ok_ = false;
      return;
    }
    byte_ = std::to_integer<std::uint32_t>(bytes_[at_++]);
    zeros_ = byte_ == 0 ? zeros_ + 1 : 0;
    left_ = 8;
  }

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  std::uint32_t byte_ = 0;
  unsigned left_ = 0;
  unsigned zeros_ = 0;
  bool ok_ = true;
};

/// profile_tier_level() of section 7.3.3.
void skip_profile(NalBits& bits, std::uint32_t sub_layers) {
  constexpr unsigned profile_bits = 88;
  constexpr unsigned level_bits = 8;
  bits.skip(profile_bits + level_bits);
  std::uint32_t profiles = 0;
  std::uint32_t levels = 0;
  for (std::uint32_t i = 0; i < sub_layers; ++i) {
    profiles += bits.take(1);
    levels += bits.take(1);
  }
  if (sub_layers > 0) bits.skip(2 * (8 - sub_layers));
  bits.skip(profiles * profile_bits + levels * level_bits);
}

/// Takes what lies outside of the conformance window off one side.
std::uint32_t cropped(std::uint32_t side, std::uint64_t start, std::uint64_t end,
                      std::uint32_t unit) {
  const std::uint64_t outside = (start + end) * unit;
  return outside < side ? side - static_cast<std::uint32_t>(outside) : 0;
}

std::uint64_t pixels(Size size) {
  return std::uint64_t{size.width} * size.height;
}

constexpr unsigned sequence_parameter_set = 33;

}  // namespace

bool is_sequence_parameter_set(std::span<const std::byte> nal_unit) {
  if (nal_unit.empty()) return false;
  return ((std::to_integer<unsigned>(nal_unit.front()) >> 1U) & 0x3FU) == sequence_parameter_set;
}

/// seq_parameter_set_rbsp() of section 7.3.2.2, as far as the picture's size.
std::optional<HevcSize> size_in_parameter_set(std::span<const std::byte> nal_unit) {
  NalBits bits(nal_unit);
  bits.skip(16 + 4);  // NAL header, video parameter set.
  const std::uint32_t sub_layers = bits.take(3);
  bits.skip(1);
  skip_profile(bits, sub_layers);
  bits.golomb();
  const std::uint32_t chroma = bits.golomb();
  constexpr std::uint32_t chroma_420 = 1;
  constexpr std::uint32_t chroma_422 = 2;
  constexpr std::uint32_t chroma_444 = 3;
  if (chroma == chroma_444) bits.skip(1);
  HevcSize size;
  size.coded.width = bits.golomb();
  size.coded.height = bits.golomb();
  size.shown = size.coded;
  if (bits.take(1) != 0) {
    const std::uint32_t left = bits.golomb();
    const std::uint32_t right = bits.golomb();
    const std::uint32_t top = bits.golomb();
    const std::uint32_t bottom = bits.golomb();
    const bool halved_across = chroma == chroma_420 || chroma == chroma_422;
    size.shown = {cropped(size.coded.width, left, right, halved_across ? 2 : 1),
                  cropped(size.coded.height, top, bottom, chroma == chroma_420 ? 2 : 1)};
  }
  return bits.ok() ? std::optional(size) : std::nullopt;
}

HevcSize larger(HevcSize a, HevcSize b) {
  return pixels(a.coded) < pixels(b.coded) ? b : a;
}

std::optional<HevcSize> hevc_size(std::span<const std::byte> configuration) {
  constexpr std::size_t fixed_fields = 22;
  ByteReader reader(configuration);
  reader.skip(fixed_fields);
  const std::uint8_t arrays = reader.u8();
  std::optional<HevcSize> largest;
  for (std::uint8_t i = 0; i < arrays && reader.ok(); ++i) {
    const bool listed = (reader.u8() & 0x3FU) == sequence_parameter_set;
    const std::uint16_t units = reader.u16_be();
    for (std::uint16_t j = 0; j < units && reader.ok(); ++j) {
      const std::uint16_t length = reader.u16_be();
      const std::size_t start = reader.position();
      reader.skip(length);
      if (!reader.ok()) break;
      const auto unit = configuration.subspan(start, length);
      // Under whatever type it is listed, a decoder takes a unit for what its own header says.
      if (!listed && !is_sequence_parameter_set(unit)) continue;
      const auto size = size_in_parameter_set(unit);
      if (!size) return std::nullopt;
      largest = largest ? larger(*largest, *size) : *size;
    }
  }
  return largest;
}

}  // namespace darkroom::imaging
