#pragma once

#include <tl/expected.hpp>

#include "imaging/backend.hpp"
#include "imaging/error.hpp"
#include "imaging/frame.hpp"
#include "imaging/picture.hpp"
#include "imaging/size.hpp"
#include "jobs/rendition.hpp"

namespace darkroom::imaging {

/// What an operation works on. All of it is immutable and shared.
struct Source {
  PicturePtr picture;
  FramePtr watermark;  ///< Decoded, where the rendition has one; else null.
};

/// One rendition's outcome: the file, and the picture it was encoded from, which smaller renditions
/// may be made of.
struct RenderedImage {
  EncodedImage file;
  Size size;
  PicturePtr picture;
};

/// The three operations, pure functions on an immutable picture.
[[nodiscard]] tl::expected<RenderedImage, Error> resize(const Backend& backend,
                                                        const Source& source,
                                                        const jobs::RenditionSpec& spec);
[[nodiscard]] tl::expected<RenderedImage, Error> compress(const Backend& backend,
                                                          const Source& source,
                                                          const jobs::RenditionSpec& spec);
[[nodiscard]] tl::expected<RenderedImage, Error> thumbnail(const Backend& backend,
                                                           const Source& source,
                                                           const jobs::RenditionSpec& spec);

/// Calls the operation that `spec` names.
[[nodiscard]] tl::expected<RenderedImage, Error> render(const Backend& backend,
                                                        const Source& source,
                                                        const jobs::RenditionSpec& spec);

}  // namespace darkroom::imaging
