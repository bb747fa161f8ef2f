#include "tools/sized_photo.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "imaging/backend.hpp"
#include "jobs/rendition.hpp"
#include "tools/synthetic_photo.hpp"

namespace darkroom::tools {
namespace {

// ITU T.81, annex B: a segment is its marker, and a length of two bytes that counts itself.
constexpr std::size_t marker_bytes = 2;
constexpr std::size_t segment_bytes = marker_bytes + 2;
constexpr std::size_t most_of_a_comment = 65'535 - 2;
constexpr std::size_t start_bytes = marker_bytes + segment_bytes + 20;

std::byte low_byte(std::size_t value) {
  return static_cast<std::byte>(value & 0xFFU);
}

void append_comment(imaging::EncodedImage& file, std::size_t text) {
  const auto length = text + 2;
  for (const std::size_t value : {std::size_t{0xFF}, std::size_t{0xFE}, length >> 8U, length})
    file.push_back(low_byte(value));
  file.insert(file.end(), text, std::byte{' '});
}

/// Comments that take so many bytes together; 4 at least.
imaging::EncodedImage padding(std::size_t bytes) {
  imaging::EncodedImage comments;
  while (bytes > 0) {
    auto text = std::min(bytes - segment_bytes, most_of_a_comment);
    const auto left = bytes - segment_bytes - text;
    // What is left must have room for a segment of its own.
    if (left > 0 && left < segment_bytes) text -= segment_bytes;
    append_comment(comments, text);
    bytes -= segment_bytes + text;
  }
  return comments;
}

tl::expected<imaging::EncodedImage, std::string> encoded(std::uint32_t width) {
  constexpr int quality = 90;
  imaging::EncodeOptions options{.format = jobs::OutputFormat::jpeg, .quality = quality};
  options.subsampling = jobs::ChromaSubsampling::s420;
  auto file =
      imaging::fast_backend().encode(*synthetic_photo(width, std::max(width * 3 / 4, 1U)), options);
  if (!file) return tl::unexpected(std::move(file.error().message));
  return std::move(*file);
}

}  // namespace

tl::expected<SizedPhoto, std::string> SizedPhoto::make(std::size_t bytes) {
  constexpr double aim = 0.9;  // Of the size; comments fill the rest.
  const auto room = bytes - start_bytes - segment_bytes;
  auto width = static_cast<std::uint32_t>(std::sqrt(static_cast<double>(bytes)));
  while (true) {
    auto file = encoded(width);
    if (!file) return tl::unexpected(file.error());
    const auto ratio = aim * static_cast<double>(bytes) / static_cast<double>(file->size());
    constexpr double near = 1.1;
    const bool fits = file->size() - marker_bytes <= room;
    if (fits && (ratio < near || width < 8)) {
      auto rest = padding(bytes - start_bytes - (file->size() - marker_bytes));
      rest.insert(rest.end(), file->begin() + marker_bytes, file->end());
      return SizedPhoto{std::move(rest)};
    }
    width = std::max(8U, static_cast<std::uint32_t>(static_cast<double>(width) * std::sqrt(ratio)));
  }
}

std::string SizedPhoto::start(std::uint64_t number) const {
  using namespace std::string_literals;
  // 20 digits, and the length of the comment with its own two bytes: 22.
  return fmt::format("{}{:020}", "\xFF\xD8\xFF\xFE\x00\x16"s, number);
}

}  // namespace darkroom::tools
