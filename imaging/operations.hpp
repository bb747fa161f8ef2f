#pragma once

#include <cstdint>

#include <tl/expected.hpp>

#include "imaging/backend.hpp"
#include "imaging/error.hpp"
#include "imaging/frame.hpp"
#include "jobs/rendition.hpp"

namespace darkroom::imaging {

struct Size {
  std::uint32_t width = 0;
  std::uint32_t height = 0;

  friend bool operator==(const Size&, const Size&) = default;
};

/// The largest size with the source's proportions that lies inside the box, never larger than the
/// source and never below 1 x 1. A box side of 0 does not limit. The side that does not bind is
/// rounded to the nearest pixel: 2725x2225 inside 1024x1024 is 1024x836.
[[nodiscard]] Size fit_inside(Size source, Size box);

/// One rendition's outcome: the file, and the frame it was encoded from, which smaller renditions
/// may be made of.
struct RenderedImage {
  EncodedImage file;
  FramePtr frame;
};

/// The three operations, pure functions on an immutable frame.
[[nodiscard]] tl::expected<RenderedImage, Error> resize(const Backend& backend,
                                                        const FramePtr& source,
                                                        const jobs::RenditionSpec& spec);
[[nodiscard]] tl::expected<RenderedImage, Error> compress(const Backend& backend,
                                                          const FramePtr& source,
                                                          const jobs::RenditionSpec& spec);
[[nodiscard]] tl::expected<RenderedImage, Error> thumbnail(const Backend& backend,
                                                           const FramePtr& source,
                                                           const jobs::RenditionSpec& spec);

/// Calls the operation that `spec` names.
[[nodiscard]] tl::expected<RenderedImage, Error> render(const Backend& backend,
                                                        const FramePtr& source,
                                                        const jobs::RenditionSpec& spec);

}  // namespace darkroom::imaging
