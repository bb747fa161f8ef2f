#pragma once

#include <string>

#include <tl/expected.hpp>

#include "imaging/backend.hpp"
#include "imaging/error.hpp"
#include "imaging/picture.hpp"
#include "jobs/rendition.hpp"

namespace darkroom::imaging {

/// What a page shows in a picture's place until the picture is there.
struct StandIn {
  std::string blurhash;  ///< 4 x 3 components, 28 characters.
  jobs::Colour dominant_colour;
};

/// Looks at the whole picture, reduced to at most 64 pixels a side. Pure and thread-safe.
[[nodiscard]] tl::expected<StandIn, Error> stand_in_for(const Backend& backend,
                                                        const Picture& picture);

}  // namespace darkroom::imaging
