#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <tl/expected.hpp>

#include "imaging/backend.hpp"
#include "imaging/error.hpp"
#include "imaging/plan.hpp"
#include "imaging/probe.hpp"
#include "jobs/rendition.hpp"

namespace darkroom::imaging {

/// The most memory, in bytes, that a job may have allocated at once. The file itself is not in it:
/// it is mapped, and costs page cache only. Neither is what the program needs without any job.
struct MemoryEstimate {
  std::uint64_t in_turn = 0;  ///< One rendition after the other, as run_pipeline does it.
  /// As a worker does it: one of each operation at a time, side by side.
  std::uint64_t at_once = 0;
};

/// Known before a pixel is decoded, from the header and the plan alone. Never less than what is
/// taken; for pictures that are hard to compress (noise) about as much, for others more, because
/// what encoders hold grows with what they write. Pure, and cheap. `watermarks` has what the
/// headers of the renditions' marks say, none where there is no mark; empty: marks are not counted.
[[nodiscard]] MemoryEstimate estimate_memory(
    const ImageInfo& info, const Plan& plan, std::span<const jobs::RenditionSpec> specs,
    const Backend& backend, std::span<const std::optional<ImageInfo>> watermarks = {});

/// Refuses with the figures where the estimate passes the limit (Limits::max_memory).
[[nodiscard]] tl::expected<void, Error> check_memory(const ImageInfo& info, std::size_t renditions,
                                                     std::uint64_t estimate, std::uint64_t limit);

}  // namespace darkroom::imaging
