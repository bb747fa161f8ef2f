#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "actors/message_types.hpp"
#include "actors/task_files.hpp"
#include "imaging/backend.hpp"
#include "imaging/probe.hpp"

namespace darkroom::actors {

/// The watermarks of one task, as they were when it began: what its memory is reserved by is what
/// is decoded, whatever becomes of the operator's files meanwhile.
class TaskWatermarks {
 public:
  /// Reads the files of all of them, each once, and tells what the header of each rendition's says;
  /// none where there is no mark.
  [[nodiscard]] tl::expected<std::vector<std::optional<imaging::ImageInfo>>, jobs::JobError> read(
      const Task& task, TaskFiles& files, const imaging::Limits& limits,
      const std::stop_token& stop);

  /// What the files take.
  [[nodiscard]] std::uint64_t bytes() const;

  /// One for each rendition; null without one. Throws std::bad_alloc.
  [[nodiscard]] tl::expected<std::vector<imaging::FramePtr>, jobs::JobError> decode(
      const Task& task, const imaging::Backend& backend, const imaging::Limits& limits) const;

  /// Lets go of the files.
  void clear() { files_.clear(); }

 private:
  struct File {
    std::vector<std::byte> bytes;
    imaging::ImageInfo info;
  };

  std::map<std::string, File> files_;  ///< By the path that the configuration names.
};

}  // namespace darkroom::actors
