#include "http/range_answer.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace darkroom::http {

RangeAnswer::RangeAnswer(ByteRange range) {
  add(range);
}

RangeAnswer::RangeAnswer(std::span<const ByteRange> ranges, std::uint64_t size,
                         std::string_view media_type, std::string_view boundary) {
  std::string_view line_end;  // Of the bytes before.
  for (const ByteRange& range : ranges) {
    add(fmt::format("{}--{}\r\nContent-Type: {}\r\nContent-Range: {}\r\n\r\n", line_end, boundary,
                    media_type, content_range(range, size)));
    add(range);
    line_end = "\r\n";
  }
  add(fmt::format("\r\n--{}--\r\n", boundary));
}

void RangeAnswer::add(std::string text) {
  const std::uint64_t length = text.size();
  pieces_.push_back({.offset = length_, .length = length, .text = std::move(text)});
  length_ += length;
}

void RangeAnswer::add(ByteRange range) {
  pieces_.push_back({.offset = length_, .length = range.length, .from = range.offset});
  length_ += range.length;
}

tl::expected<std::size_t, persistence::StoreError> RangeAnswer::read(
    const persistence::BlobReader& file, std::uint64_t offset, std::span<std::byte> out) const {
  const auto piece = std::ranges::find_if(pieces_, [offset](const Piece& candidate) {
    return offset >= candidate.offset && offset - candidate.offset < candidate.length;
  });
  if (piece == pieces_.end()) return 0;
  const std::uint64_t within = offset - piece->offset;
  const auto count =
      static_cast<std::size_t>(std::min<std::uint64_t>(piece->length - within, out.size()));
  if (piece->text.empty()) return file.read_at(piece->from + within, out.first(count));
  std::ranges::copy(std::as_bytes(std::span{piece->text}).subspan(within, count), out.begin());
  return count;
}

std::string content_range(const ByteRange& range, std::uint64_t size) {
  return fmt::format("bytes {}-{}/{}", range.offset, range.offset + range.length - 1, size);
}

}  // namespace darkroom::http
