#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <tl/expected.hpp>

#include "imaging/backend.hpp"
#include "imaging/error.hpp"
#include "imaging/operations.hpp"
#include "imaging/probe.hpp"
#include "jobs/rendition.hpp"

namespace darkroom::imaging {

struct PipelineResult {
  ImageInfo info;
  /// One for each rendition asked for, in that order. Their pictures have been let go: null.
  std::vector<tl::expected<RenderedImage, Error>> renditions;
};

/// The whole job at once: probes, decodes once, and renders each rendition from the frame that
/// plan_renditions names. Pixels are freed as soon as no later rendition needs them. An error means
/// that the picture itself cannot be used; a rendition that fails for its own reasons is told in
/// its place, and so are those that were to be made from it. `watermarks` has one for each
/// rendition, null where that has none; empty where no rendition has one.
[[nodiscard]] tl::expected<PipelineResult, Error> run_pipeline(
    const Backend& backend, std::span<const std::byte> bytes, const Limits& limits,
    std::span<const jobs::RenditionSpec> specs, std::span<const FramePtr> watermarks = {});

}  // namespace darkroom::imaging
