#include "jobs/rendition.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "jobs/enum_names.hpp"

namespace darkroom::jobs {
namespace {

constexpr auto operation_names = enum_names<Operation>("resize", "compress", "thumbnail");
constexpr auto format_names = enum_names<OutputFormat>("jpeg", "png", "webp", "avif", "auto");
constexpr auto content_types = enum_names<OutputFormat>("image/jpeg", "image/png", "image/webp",
                                                        "image/avif", "application/octet-stream");
constexpr auto extensions = enum_names<OutputFormat>("jpg", "png", "webp", "avif", "bin");
constexpr auto fit_names = enum_names<Fit>("inside", "cover", "fill", "pad");
constexpr auto gravity_names =
    enum_names<Gravity>("centre", "north", "northeast", "east", "southeast", "south", "southwest",
                        "west", "northwest", "smart");
constexpr auto subsampling_names = enum_names<ChromaSubsampling>("auto", "4:2:0", "4:2:2", "4:4:4");

/// A number from 0 to 1.
std::optional<double> parse_part(std::string_view text) {
  double part = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, part);
  if (error != std::errc{} || stopped != end || !(part >= 0 && part <= 1)) return std::nullopt;
  return part;
}

}  // namespace

Preset default_preset() {
  return {.name = "default",
          .renditions = {
              {.name = "resized",
               .operation = Operation::resize,
               .width = 1024,
               .height = 1024,
               .quality = 82,
               .folder = "resized"},
              {.name = "compressed",
               .operation = Operation::compress,
               .quality = 60,
               .folder = "compressed"},
              {.name = "thumbnail",
               .operation = Operation::thumbnail,
               .width = 300,
               .height = 300,
               .quality = 80,
               .folder = "thumbnails"},
          }};
}

std::string_view to_string(Operation operation) {
  return operation_names.name(operation);
}

std::optional<Operation> parse_operation(std::string_view text) {
  return operation_names.parse(text);
}

std::string_view to_string(OutputFormat format) {
  return format_names.name(format);
}

std::optional<OutputFormat> parse_output_format(std::string_view text) {
  return format_names.parse(text);
}

std::string_view to_string(Fit fit) {
  return fit_names.name(fit);
}

std::optional<Fit> parse_fit(std::string_view text) {
  return fit_names.parse(text);
}

std::string_view to_string(Gravity gravity) {
  return gravity_names.name(gravity);
}

std::optional<Gravity> parse_gravity(std::string_view text) {
  return gravity_names.parse(text);
}

std::string_view to_string(ChromaSubsampling subsampling) {
  return subsampling_names.name(subsampling);
}

std::optional<ChromaSubsampling> parse_chroma_subsampling(std::string_view text) {
  return subsampling_names.parse(text);
}

std::string to_string(Colour colour) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "#";
  for (const std::uint8_t part : {colour.red, colour.green, colour.blue}) {
    text += digits[part >> 4U];
    text += digits[part & 15U];
  }
  return text;
}

std::optional<Colour> parse_colour(std::string_view text) {
  if (text.size() != 7 || text[0] != '#') return std::nullopt;
  std::array<std::uint8_t, 3> parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const char* begin = text.data() + 1 + 2 * i;
    const auto [end, error] = std::from_chars(begin, begin + 2, parts.at(i), 16);
    if (error != std::errc{} || end != begin + 2) return std::nullopt;
  }
  return Colour{parts[0], parts[1], parts[2]};
}

std::string to_string(FocalPoint point) {
  return fmt::format("{},{}", point.x, point.y);
}

std::optional<FocalPoint> parse_focal_point(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  std::string_view second = text.substr(comma + 1);
  if (second.starts_with(' ')) second.remove_prefix(1);
  const auto x = parse_part(text.substr(0, comma));
  const auto y = parse_part(second);
  if (!x || !y) return std::nullopt;
  return FocalPoint{*x, *y};
}

std::string_view content_type(OutputFormat format) {
  return content_types.name(format);
}

std::string_view extension(OutputFormat format) {
  return extensions.name(format);
}

}  // namespace darkroom::jobs
