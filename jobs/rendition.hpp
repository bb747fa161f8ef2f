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
enum class OutputFormat : std::uint8_t {
  jpeg,
  png,
  webp,
  avif,
  automatic,  ///< "auto": WebP where the original can be transparent, else JPEG.
};

/// How a picture is brought into its box.
enum class Fit : std::uint8_t {
  inside,  ///< Whole, in its own proportions; one side may be shorter than the box.
  cover,   ///< Fills the box in its own proportions; what lies outside is cut off.
  fill,    ///< Stretched to the box.
  pad,     ///< As inside, then centred (or by gravity) on a background of the box's size.
};

/// Which part of a picture is kept by `cover`, and where it stands with `pad`.
enum class Gravity : std::uint8_t {
  centre,
  north,
  northeast,
  east,
  southeast,
  south,
  southwest,
  west,
  northwest,
  smart,  ///< `cover` keeps the part with the most detail.
};

enum class ChromaSubsampling : std::uint8_t {
  automatic,  ///< 4:2:0 below quality 90; from there on as the original has it.
  s420,       ///< "4:2:0"
  s422,       ///< "4:2:2"
  s444,       ///< "4:4:4"
};

/// sRGB, written as "#rrggbb".
struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  [[nodiscard]] static constexpr Colour white() { return {255, 255, 255}; }
  friend bool operator==(const Colour&, const Colour&) = default;
};

/// A point of the picture, each from 0 (left, top) to 1.
struct FocalPoint {
  double x = 0.5;
  double y = 0.5;

  friend bool operator==(const FocalPoint&, const FocalPoint&) = default;
};

/// A picture laid over a rendition.
struct Watermark {
  std::string name;  ///< What presets and uploads call it by.
  /// Path of a file on the worker's machine. Only the operator's configuration says it: in a
  /// rendition as it is asked for this is empty, until resolve_watermarks() has filled it in.
  std::string image;
  Gravity position = Gravity::southeast;
  double opacity = 0.5;  ///< 0 to 1
  double scale = 0.2;    ///< Its width as a part of the rendition's, above 0 to 1.

  friend bool operator==(const Watermark&, const Watermark&) = default;
};

/// One rendition as a preset or an upload asks for it.
/// Which values go together is checked in one place, rendition_check.hpp.
struct RenditionSpec {
  /// Unique within its preset; lower-case letters, digits, '-' and '_'.
  std::string name = {};
  Operation operation = Operation::resize;
  /// The box in pixels. 0 means that this side is not limited, so 0 x 0 keeps the size.
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  /// Of JPEG, lossy WebP and AVIF, 1 to 100.
  int quality = 82;
  /// In a job never `automatic`: that is settled by resolve_formats() when the job is made.
  OutputFormat format = OutputFormat::jpeg;
  /// Folder below uploads/ in the blob store.
  std::string folder = {};
  Fit fit = Fit::inside;
  Gravity gravity = Gravity::centre;
  std::optional<FocalPoint> focus = {};  ///< Of `cover`; stands above `gravity`.
  bool enlarge = false;                  ///< A picture smaller than its box is made larger.
  Colour background = Colour::white();   ///< Of `pad`, and under transparent pixels in a JPEG.
  bool lossless = false;                 ///< WebP only.
  bool progressive = false;              ///< JPEG only.
  ChromaSubsampling subsampling = ChromaSubsampling::automatic;  ///< JPEG and AVIF.
  int effort = 4;  ///< Of WebP, AVIF and PNG: 0 is fastest, 9 smallest.
  /// The highest quality from 1 to `quality` whose file is not larger is taken; 0: any size.
  std::uint64_t max_bytes = 0;
  double sharpen = 0;           ///< Strength of an unsharp mask after shrinking, 0 (none) to 4.
  bool linear_light = false;    ///< Resample in linear light: slower, truer where detail is fine.
  bool keep_copyright = false;  ///< Carry the EXIF copyright notice over.
  std::optional<Watermark> watermark = {};

  friend bool operator==(const RenditionSpec&, const RenditionSpec&) = default;
};

/// A named set of renditions.
struct Preset {
  std::string name = {};
  std::vector<RenditionSpec> renditions = {};

  friend bool operator==(const Preset&, const Preset&) = default;
};

/// The preset that works with no configuration: resized inside 1024x1024 at quality 82, compressed
/// full size at quality 60, thumbnail inside 300x300 at quality 80, all JPEG.
[[nodiscard]] Preset default_preset();

[[nodiscard]] std::string_view to_string(Operation operation);
[[nodiscard]] std::optional<Operation> parse_operation(std::string_view text);

[[nodiscard]] std::string_view to_string(OutputFormat format);
[[nodiscard]] std::optional<OutputFormat> parse_output_format(std::string_view text);

[[nodiscard]] std::string_view to_string(Fit fit);
[[nodiscard]] std::optional<Fit> parse_fit(std::string_view text);

[[nodiscard]] std::string_view to_string(Gravity gravity);
[[nodiscard]] std::optional<Gravity> parse_gravity(std::string_view text);

[[nodiscard]] std::string_view to_string(ChromaSubsampling subsampling);
[[nodiscard]] std::optional<ChromaSubsampling> parse_chroma_subsampling(std::string_view text);

/// "#rrggbb"
[[nodiscard]] std::string to_string(Colour colour);
[[nodiscard]] std::optional<Colour> parse_colour(std::string_view text);

/// "0.3,0.7"
[[nodiscard]] std::string to_string(FocalPoint point);
/// Two numbers from 0 to 1; a space may stand behind the comma.
[[nodiscard]] std::optional<FocalPoint> parse_focal_point(std::string_view text);

/// "image/jpeg" and the like.
[[nodiscard]] std::string_view content_type(OutputFormat format);
/// File name extension without the dot: "jpg".
[[nodiscard]] std::string_view extension(OutputFormat format);

}  // namespace darkroom::jobs
