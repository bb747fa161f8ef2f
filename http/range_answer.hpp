#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "http/byte_range.hpp"
#include "persistence/blob_store.hpp"

namespace darkroom::http {

/// What of a file an answer carries: all of it, one part, or several with their heads between
/// them. Its length is known before a byte is read.
class RangeAnswer {
 public:
  /// One range, or the whole file.
  explicit RangeAnswer(ByteRange range);

  /// multipart/byteranges (RFC 9110, section 14.6) of a file of `size` bytes. `boundary` must not
  /// be in the file.
  RangeAnswer(std::span<const ByteRange> ranges, std::uint64_t size, std::string_view media_type,
              std::string_view boundary);

  /// Of the body.
  [[nodiscard]] std::uint64_t length() const { return length_; }

  /// Copies bytes of the body from `offset` on to `out`; returns how many, at least one where there
  /// are any and the file is as long as it was.
  [[nodiscard]] tl::expected<std::size_t, persistence::StoreError> read(
      const persistence::BlobReader& file, std::uint64_t offset, std::span<std::byte> out) const;

 private:
  struct Piece {
    std::uint64_t offset = 0;  ///< In the body.
    std::uint64_t length = 0;
    std::uint64_t from = 0;  ///< In the file, where `text` is empty.
    std::string text = {};
  };

  void add(std::string text);
  void add(ByteRange range);

  std::vector<Piece> pieces_;
  std::uint64_t length_ = 0;
};

/// "bytes 0-99/1234"
[[nodiscard]] std::string content_range(const ByteRange& range, std::uint64_t size);

}  // namespace darkroom::http
