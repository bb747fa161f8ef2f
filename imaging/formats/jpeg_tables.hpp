#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <tl/expected.hpp>

#include "imaging/error.hpp"

namespace darkroom::imaging {

/// Which tables a JPEG file has defined so far. stb_image trusts them: it writes past its arrays
/// for a Huffman table of more than 256 codes, and decodes with uninitialised memory where a table
/// was never defined. So they are checked before it sees the file.
class JpegTables {
 public:
  [[nodiscard]] tl::expected<void, Error> define_huffman(std::span<const std::byte> payload);
  [[nodiscard]] tl::expected<void, Error> define_quantization(std::span<const std::byte> payload);

  [[nodiscard]] bool has_dc(std::size_t slot) const { return slot < dc_.size() && dc_[slot]; }
  [[nodiscard]] bool has_ac(std::size_t slot) const { return slot < ac_.size() && ac_[slot]; }
  [[nodiscard]] bool has_quantization(std::size_t slot) const {
    return slot < quantization_.size() && quantization_[slot];
  }

 private:
  std::array<bool, 4> dc_{};
  std::array<bool, 4> ac_{};
  std::array<bool, 4> quantization_{};
};

}  // namespace darkroom::imaging
