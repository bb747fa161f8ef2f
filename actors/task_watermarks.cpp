#include "actors/task_watermarks.hpp"

#include <exception>
#include <new>
#include <utility>

#include "actors/task_errors.hpp"

namespace darkroom::actors {
namespace {

using jobs::ErrorKind;
using jobs::JobError;

tl::expected<imaging::FramePtr, JobError> decode_mark(const jobs::Watermark& watermark,
                                                      const std::vector<std::byte>& bytes,
                                                      const imaging::Backend& backend,
                                                      const imaging::Limits& limits) {
  try {
    auto picture = backend.decode(bytes, limits);
    if (picture) return std::move(picture->frame);
    if (!imaging::is_transient(picture.error().code)) {
      return bad_watermark(watermark, "used: " + picture.error().message);
    }
    return tl::unexpected(from_imaging(picture.error()));
  } catch (const std::bad_alloc&) {
    throw;  // As with the original.
  } catch (const std::exception& exception) {
    return bad_watermark(watermark, std::string{"used: "} + exception.what());
  }
}

}  // namespace

tl::expected<std::vector<std::optional<imaging::ImageInfo>>, JobError> TaskWatermarks::read(
    const Task& task, TaskFiles& files, const imaging::Limits& limits,
    const std::stop_token& stop) {
  std::vector<std::optional<imaging::ImageInfo>> infos;
  try {
    for (std::size_t i = 0; i < task.renditions.size(); ++i) {
      auto& info = infos.emplace_back();
      const auto& watermark = task.renditions[i].watermark;
      if (!watermark) continue;
      auto known = files_.find(watermark->image);
      if (known == files_.end()) {
        auto bytes = files.watermark(task, i, stop);
        if (!bytes) return tl::unexpected(std::move(bytes.error()));
        const auto probed = imaging::probe(*bytes, limits);
        if (!probed) return bad_watermark(*watermark, "used: " + probed.error().message);
        known = files_.emplace(watermark->image, File{std::move(*bytes), *probed}).first;
      }
      info = known->second.info;
    }
  } catch (const std::bad_alloc&) {
    return tl::unexpected(
        JobError{ErrorKind::transient, "There is not enough memory to read the watermarks."});
  }
  return infos;
}

std::uint64_t TaskWatermarks::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& [image, file] : files_)
    sum += file.bytes.size();
  return sum;
}

tl::expected<std::vector<imaging::FramePtr>, JobError> TaskWatermarks::decode(
    const Task& task, const imaging::Backend& backend, const imaging::Limits& limits) const {
  std::vector<imaging::FramePtr> frames;
  for (const auto& spec : task.renditions) {
    auto& frame = frames.emplace_back();
    if (!spec.watermark) continue;
    auto decoded =
        decode_mark(*spec.watermark, files_.at(spec.watermark->image).bytes, backend, limits);
    if (!decoded) return tl::unexpected(std::move(decoded.error()));
    frame = std::move(*decoded);
  }
  return frames;
}

}  // namespace darkroom::actors
