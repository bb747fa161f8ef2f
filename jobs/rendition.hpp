#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom::jobs {

/// What is done to the picture to make a rendition.
enum class Operation : std::uint8_t { resize, compress, thumbnail };

/// File format of a rendition.
enum class OutputFormat : std::uint8_t { jpeg, png };

/// One rendition as a preset asks for it.
struct RenditionSpec {
  /// Unique within its preset; lower-case letters, digits, '-' and '_'.
  std::string name;
  Operation operation = Operation::resize;
  /// The box in pixels that the picture is made to fit inside; it is never enlarged. 0 means that
  /// this side is not limited, so 0 x 0 keeps the size.
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  /// JPEG quality, 1 to 100. PNG ignores it.
  int quality = 82;
  OutputFormat format = OutputFormat::jpeg;
  /// Folder below uploads/ in the blob store.
  std::string folder;

  friend bool operator==(const RenditionSpec&, const RenditionSpec&) = default;
};

/// A named set of renditions.
struct Preset {
  std::string name;
  std::vector<RenditionSpec> renditions;

  friend bool operator==(const Preset&, const Preset&) = default;
};

/// The preset that works with no configuration: resized inside 1024x1024 at quality 82, compressed
/// full size at quality 60, thumbnail inside 300x300 at quality 80, all JPEG.
[[nodiscard]] Preset default_preset();

[[nodiscard]] std::string_view to_string(Operation operation);
[[nodiscard]] std::optional<Operation> parse_operation(std::string_view text);

[[nodiscard]] std::string_view to_string(OutputFormat format);
[[nodiscard]] std::optional<OutputFormat> parse_output_format(std::string_view text);

/// "image/jpeg" and the like.
[[nodiscard]] std::string_view content_type(OutputFormat format);
/// File name extension without the dot: "jpg".
[[nodiscard]] std::string_view extension(OutputFormat format);

}  // namespace darkroom::jobs
