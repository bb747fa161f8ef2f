#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <tl/expected.hpp>

#include "imaging/encode_options.hpp"

namespace darkroom::tools {

/// A JPEG photograph of an exact size in bytes, of which there are as many different files as one
/// likes: a number stands in a comment at its start. The rest is the same in all, so that uploads
/// of many connections share it.
class SizedPhoto {
 public:
  static constexpr std::size_t least_bytes = 4'000;
  static constexpr std::size_t most_bytes = 16'000'000;

  /// The error says what the encoder says.
  [[nodiscard]] static tl::expected<SizedPhoto, std::string> make(std::size_t bytes);

  [[nodiscard]] std::size_t size() const { return start(0).size() + rest_.size(); }
  /// The first bytes of the file of that number; rest() follows.
  [[nodiscard]] std::string start(std::uint64_t number) const;
  [[nodiscard]] std::span<const std::byte> rest() const { return rest_; }

 private:
  explicit SizedPhoto(imaging::EncodedImage rest) : rest_(std::move(rest)) {}

  imaging::EncodedImage rest_;
};

}  // namespace darkroom::tools
