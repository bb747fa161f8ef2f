#include "nodes/watermarks.hpp"

#include <optional>
#include <string>

#include <fmt/format.h>

#include "imaging/backend.hpp"
#include "jobs/rendition_resolve.hpp"
#include "jobs/watermark_limit.hpp"
#include "nodes/image_file.hpp"

namespace darkroom::nodes {
namespace {

/// Why the image cannot be laid over a picture, as the end of a sentence about the file.
std::optional<std::string> image_fault(const std::string& path, const Config& config) {
  const auto bytes = read_image_file(path);
  if (!bytes) return bytes.error();
  if (bytes->size() > jobs::max_watermark_bytes) {
    return fmt::format("has {} bytes; {} are the most for a watermark", bytes->size(),
                       jobs::max_watermark_bytes);
  }
  const auto info = imaging::probe(*bytes, config.limits);
  if (!info) return "cannot be used: " + info.error().message;
  using imaging::InputFormat;
  if (info->format != InputFormat::png && info->format != InputFormat::webp) {
    return fmt::format("must be a PNG or WebP file, which can be transparent, not {}",
                       imaging::to_string(info->format));
  }
  const imaging::Backend& backend = chosen_backend(config);
  if (const auto picture = backend.decode(*bytes, config.limits); !picture) {
    return "cannot be used: " + picture.error().message;
  }
  return std::nullopt;
}

}  // namespace

void prepare_watermarks(const std::filesystem::path& directory, EffectiveConfig& effective,
                        std::vector<Problem>& problems) {
  Config& config = effective.config;
  const auto note = [&](const std::string& setting, const std::string& text) {
    problems.push_back({setting, fmt::format("{}: {}", effective.origin(setting), text)});
  };
  for (jobs::Watermark& watermark : config.watermarks) {
    const auto path = std::filesystem::absolute(directory / watermark.image);
    watermark.image = path.lexically_normal().string();
    if (const auto fault = image_fault(watermark.image, config)) {
      note("watermark." + watermark.name,
           fmt::format("watermark \"{}\": {} {}", watermark.name, watermark.image, *fault));
    }
  }
  for (jobs::Preset& preset : config.presets) {
    for (const std::string& fault :
         jobs::resolve_watermarks(preset.renditions, config.watermarks)) {
      note("preset." + preset.name, fmt::format("preset \"{}\": {}", preset.name, fault));
    }
  }
}

}  // namespace darkroom::nodes
