#include "imaging/stand_in.hpp"

#include <cstdint>
#include <new>
#include <utility>

#include "imaging/geometry.hpp"
#include "imaging/pixels/blurhash.hpp"
#include "imaging/pixels/dominant_colour.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

/// More pixels change neither by anything that can be seen.
constexpr std::uint32_t longest_side = 64;

}  // namespace

tl::expected<StandIn, Error> stand_in_for(const Backend& backend, const Picture& picture) {
  const Size size = fit_inside(picture.frame->size(), {longest_side, longest_side});
  auto reduced = backend.resample(*picture.frame, picture.extent, size, false);
  if (!reduced) return tl::unexpected(std::move(reduced.error()));
  try {
    return StandIn{.blurhash = blurhash(**reduced, 4, 3),
                   .dominant_colour = dominant_colour(**reduced)};
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

}  // namespace darkroom::imaging
