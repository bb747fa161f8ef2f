#include "jobs/rendition_check.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace darkroom::jobs {
namespace {

constexpr std::uint32_t max_side = 65'535;       // AVIF and PNG have room for more.
constexpr std::uint32_t max_jpeg_side = 65'500;  // Of libjpeg; the format has room for 65,535.
constexpr std::uint32_t max_webp_side = 16'383;  // RFC 9649, section 2.6: 14 bits.

/// The faults of one rendition; each check adds its own.
class Faults {
 public:
  explicit Faults(const RenditionSpec& spec) : spec_(spec) {}

  void check_names();
  void check_box();
  void check_crop();
  void check_encoding();
  void check_file_size();
  void check_watermark();

  [[nodiscard]] std::vector<std::string> take() { return std::move(found_); }

 private:
  void add(std::string_view text) {
    found_.push_back(fmt::format("rendition \"{}\": {}", spec_.name, text));
  }

  /// True where the file may come out in one of these formats, so that their options count.
  [[nodiscard]] bool may_be(std::initializer_list<OutputFormat> formats) const {
    return std::ranges::find(formats, spec_.format) != formats.end();
  }

  const RenditionSpec& spec_;
  std::vector<std::string> found_;
};

void Faults::check_names() {
  if (!is_safe_name(spec_.name)) found_.push_back(unsafe_name("the rendition name", spec_.name));
  if (!is_safe_name(spec_.folder)) add(unsafe_name("the folder", spec_.folder));
  if (spec_.folder == "originals") {
    add("the folder \"originals\" is kept for uploads; choose another");
  }
}

void Faults::check_box() {
  const bool has_side = spec_.width != 0 || spec_.height != 0;
  const bool has_both = spec_.width != 0 && spec_.height != 0;
  const auto longest = std::max(spec_.width, spec_.height);
  if (spec_.operation != Operation::compress && !has_side) {
    add(fmt::format("{} needs a width, a height or both", to_string(spec_.operation)));
  } else if (spec_.fit != Fit::inside && !has_both) {
    add(fmt::format("fit {} needs both a width and a height", to_string(spec_.fit)));
  } else if (spec_.enlarge && !has_side) {
    add("enlarge needs a width, a height or both");
  }
  if (longest > max_side) {
    add(fmt::format("a side must be at most {} pixels, not {}", max_side, longest));
  } else if (longest > max_webp_side && may_be({OutputFormat::webp, OutputFormat::automatic})) {
    add(
        fmt::format("a side of a WebP file must be at most {} pixels, not {}; choose another "
                    "format or a smaller box",
                    max_webp_side, longest));
  } else if (longest > max_jpeg_side && spec_.format == OutputFormat::jpeg) {
    add(
        fmt::format("a side of a JPEG file must be at most {} pixels, not {}; choose another "
                    "format or a smaller box",
                    max_jpeg_side, longest));
  }
}

void Faults::check_crop() {
  const bool is_cover = spec_.fit == Fit::cover;
  if (spec_.gravity == Gravity::smart && !is_cover) {
    add("gravity smart needs fit cover, where something is cut off");
  } else if (spec_.gravity != Gravity::centre && !is_cover && spec_.fit != Fit::pad) {
    add(fmt::format("gravity needs fit cover or pad; with {} it has no effect",
                    to_string(spec_.fit)));
  }
  if (!spec_.focus) return;
  const auto outside = [](double part) { return !(part >= 0 && part <= 1); };
  if (outside(spec_.focus->x) || outside(spec_.focus->y)) {
    add("focus must be two numbers from 0 to 1, of the width and the height");
  }
  if (!is_cover) {
    add("focus needs fit cover, where something is cut off");
  } else if (spec_.gravity != Gravity::centre) {
    add(fmt::format("focus and gravity {} contradict each other; give one of them",
                    to_string(spec_.gravity)));
  }
}

void Faults::check_encoding() {
  using enum OutputFormat;
  if (spec_.quality < 1 || spec_.quality > 100) {
    add(fmt::format("quality must be from 1 to 100, not {}", spec_.quality));
  }
  if (spec_.lossless && spec_.format != webp) {
    add(fmt::format("lossless needs format webp, not {}", to_string(spec_.format)));
  }
  if (spec_.progressive && !may_be({jpeg, automatic})) {
    add(fmt::format("progressive needs format jpeg, not {}", to_string(spec_.format)));
  }
  if (spec_.subsampling != ChromaSubsampling::automatic && !may_be({jpeg, avif, automatic})) {
    add(fmt::format("subsampling needs format jpeg or avif; {} has no choice",
                    to_string(spec_.format)));
  }
  const int standard_effort = RenditionSpec{}.effort;
  if (spec_.effort < 0 || spec_.effort > 9) {
    add(fmt::format("effort must be from 0 to 9, not {}", spec_.effort));
  } else if (spec_.effort != standard_effort && spec_.format == jpeg) {
    add("effort needs format webp, avif or png; with jpeg it has no effect");
  }
  if (!(spec_.sharpen >= 0 && spec_.sharpen <= 4)) {
    add(fmt::format("sharpen must be from 0 to 4, not {}", spec_.sharpen));
  }
}

void Faults::check_file_size() {
  if (spec_.max_bytes == 0) return;
  if (spec_.format == OutputFormat::png) {
    add("max_bytes needs a format with a quality to lower; png has none");
  } else if (spec_.lossless) {
    add("max_bytes and lossless contradict each other; give one of them");
  }
}

void Faults::check_watermark() {
  if (!spec_.watermark) return;
  if (!is_safe_name(spec_.watermark->name)) {
    add(unsafe_name("the watermark", spec_.watermark->name));
  }
}

}  // namespace

bool is_safe_name(std::string_view name) {
  const auto safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !name.empty() && name.size() <= max_name_length && std::ranges::all_of(name, safe);
}

std::string unsafe_name(std::string_view what, std::string_view name) {
  return fmt::format("{} \"{}\" must be 1 to {} lower-case letters, digits, '-' and '_'", what,
                     name, max_name_length);
}

std::vector<std::string> rendition_faults(const RenditionSpec& spec) {
  Faults faults{spec};
  faults.check_names();
  faults.check_box();
  faults.check_crop();
  faults.check_encoding();
  faults.check_file_size();
  faults.check_watermark();
  return faults.take();
}

std::vector<std::string> rendition_list_faults(std::span<const RenditionSpec> renditions,
                                               std::size_t limit) {
  std::vector<std::string> faults;
  if (renditions.empty() || renditions.size() > limit) {
    faults.push_back(fmt::format("must have 1 to {} renditions, not {}", limit, renditions.size()));
  }
  std::set<std::string_view> names;
  for (const RenditionSpec& spec : renditions) {
    for (std::string& fault : rendition_faults(spec))
      faults.push_back(std::move(fault));
    if (!names.insert(spec.name).second) {
      faults.push_back(fmt::format("there are two renditions called \"{}\"", spec.name));
    }
  }
  return faults;
}

std::vector<std::string> watermark_faults(const Watermark& watermark) {
  std::vector<std::string> faults;
  const auto add = [&](std::string_view text) {
    faults.push_back(fmt::format("watermark \"{}\": {}", watermark.name, text));
  };
  if (!is_safe_name(watermark.name)) {
    faults.push_back(unsafe_name("the watermark name", watermark.name));
  }
  if (watermark.position == Gravity::smart) {
    add("position smart makes no sense; name a side, a corner or centre");
  }
  const auto is_part = [](double part) { return part > 0 && part <= 1; };
  if (!is_part(watermark.opacity)) {
    add(fmt::format("opacity must be above 0 and at most 1, not {}", watermark.opacity));
  }
  if (!is_part(watermark.scale)) {
    add(fmt::format("scale must be above 0 and at most 1, not {}", watermark.scale));
  }
  return faults;
}

}  // namespace darkroom::jobs
