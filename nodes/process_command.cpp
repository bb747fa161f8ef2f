#include "nodes/process_command.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <new>
#include <ostream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <tl/expected.hpp>

#include "imaging/memory_estimate.hpp"
#include "imaging/pipeline.hpp"
#include "imaging/plan.hpp"
#include "jobs/rendition_resolve.hpp"
#include "nodes/backend_formats.hpp"
#include "nodes/image_file.hpp"
#include "nodes/printable_text.hpp"

namespace darkroom::nodes {
namespace {

namespace fs = std::filesystem;

/// What is the same for each image.
struct Work {
  const ProcessCommand& command;
  const imaging::Backend& backend;
  std::vector<imaging::FramePtr> watermarks;  ///< One for each rendition; null where it has none.
};

tl::expected<std::vector<imaging::FramePtr>, std::string> load_watermarks(
    const ProcessCommand& command, const imaging::Backend& backend) {
  std::vector<imaging::FramePtr> frames;
  for (const jobs::RenditionSpec& spec : command.preset.renditions) {
    imaging::FramePtr& frame = frames.emplace_back();
    if (!spec.watermark) continue;
    const fs::path file = spec.watermark->image;
    const auto bytes = read_image_file(file);
    if (!bytes) return tl::make_unexpected(fmt::format("{}: {}", file.string(), bytes.error()));
    const auto picture = backend.decode(*bytes, command.config.limits);
    if (!picture) {
      return tl::make_unexpected(fmt::format("{}: {}", file.string(), picture.error().message));
    }
    frame = picture->frame;
  }
  return frames;
}

fs::path target_path(const ProcessCommand& command, const fs::path& image,
                     const jobs::RenditionSpec& spec) {
  return command.output /
         fmt::format("{}-{}.{}", image.stem().string(), spec.name, jobs::extension(spec.format));
}

/// A line for each pair of images that would be written to the same file. The format "auto" is not
/// settled yet and counts as one of its own.
std::vector<std::string> name_clashes(const ProcessCommand& command) {
  std::vector<std::string> lines;
  std::map<fs::path, fs::path> writers;
  for (const fs::path& image : command.images) {
    for (const jobs::RenditionSpec& spec : command.preset.renditions) {
      const fs::path target = target_path(command, image, spec);
      const auto [other, is_free] = writers.emplace(target, image);
      if (is_free) continue;
      lines.push_back(fmt::format("{} and {} would both be written to {}; use a folder for each",
                                  other->second.string(), image.string(), target.string()));
      break;
    }
  }
  return lines;
}

/// "1024x836", from the header of a file that we made.
std::string size_in_words(const imaging::EncodedImage& file) {
  const auto info = imaging::probe(file, imaging::no_limits);
  return info ? fmt::format("{}x{}", info->width, info->height) : std::string{"?x?"};
}

/// The renditions of one image, all or none: nothing is written before all of them are made.
tl::expected<void, std::string> process_image(const Work& work, const fs::path& image,
                                              std::ostream& out) {
  const ProcessCommand& command = work.command;
  const auto bytes = read_image_file(image);
  if (!bytes) return tl::make_unexpected(bytes.error());
  const auto info = imaging::probe(*bytes, original_limits(command.config));
  if (!info) return tl::make_unexpected(info.error().message);
  auto specs = command.preset.renditions;
  jobs::resolve_formats(specs, info->alpha);
  const auto estimate =
      imaging::estimate_memory(*info, imaging::plan_renditions(*info, specs), specs, work.backend);
  if (const auto within = imaging::check_memory(*info, specs.size(), estimate.in_turn,
                                                command.config.limits.max_memory);
      !within) {
    return tl::make_unexpected(within.error().message);
  }
  if (!command.overwrite) {
    for (const jobs::RenditionSpec& spec : specs) {
      const fs::path target = target_path(command, image, spec);
      std::error_code ignored;
      if (fs::exists(fs::symlink_status(target, ignored))) {
        return tl::make_unexpected(
            fmt::format("{} exists already; --overwrite replaces it", target.string()));
      }
    }
  }
  const auto result =
      imaging::run_pipeline(work.backend, *bytes, command.config.limits, specs, work.watermarks);
  if (!result) return tl::make_unexpected(result.error().message);

  for (std::size_t i = 0; i < specs.size(); ++i) {
    const auto& rendition = result->renditions.at(i);
    if (rendition) continue;
    return tl::make_unexpected(fmt::format("{}: {}", specs[i].name, rendition.error().message));
  }
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const imaging::RenderedImage& rendition = *result->renditions[i];
    const fs::path target = target_path(command, image, specs[i]);
    const auto written = write_image_file(target, rendition.file);
    if (!written) return tl::make_unexpected(written.error());
    out << fmt::format("{} {} {} bytes\n", target.string(), size_in_words(rendition.file),
                       rendition.file.size());
  }
  return {};
}

/// Reports want of memory like any other failure, so that the other images are still done.
tl::expected<void, std::string> try_image(const Work& work, const fs::path& image,
                                          std::ostream& out) {
  try {
    return process_image(work, image, out);
  } catch (const std::bad_alloc&) {
    return tl::make_unexpected(std::string{"there is not enough memory for it"});
  }
}

}  // namespace

int run_process(const ProcessCommand& command, std::ostream& out, std::ostream& err) {
  const std::vector<std::string> clashes = name_clashes(command);
  for (const std::string& line : clashes)
    err << line << '\n';
  if (!clashes.empty()) return 2;

  std::error_code error;
  fs::create_directories(command.output, error);
  if (error) {
    err << fmt::format("{}: the folder cannot be made: {}\n", command.output.string(),
                       error.message());
    return 2;
  }
  const imaging::Backend& backend = chosen_backend(command.config);
  auto watermarks = load_watermarks(command, backend);
  if (!watermarks) {
    err << printable(watermarks.error()) << '\n';
    return 2;
  }
  const Work work{command, backend, std::move(*watermarks)};
  int code = 0;
  for (const fs::path& image : command.images) {
    const auto done = try_image(work, image, out);
    if (done) continue;
    // What a decoder says may have bytes of the image in it.
    err << printable(fmt::format("{}: {}", image.string(), done.error())) << '\n';
    code = 1;
  }
  return code;
}

}  // namespace darkroom::nodes
