#pragma once

#include <functional>

#include <caf/typed_event_based_actor.hpp>

#include "actors/messages.hpp"
#include "imaging/backend.hpp"
#include "imaging/operations.hpp"

namespace darkroom::actors {

/// One of imaging's three operations.
using ImageOperation = std::function<tl::expected<imaging::RenderedImage, imaging::Error>(
    const imaging::Backend&, const imaging::Source&, const jobs::RenditionSpec&)>;

/// What the RESIZE, COMPRESS and THUMBNAIL actors have in common: apply the operation, and let no
/// exception out, a bad allocation above all.
[[nodiscard]] OperationActor::behavior_type image_operation(const imaging::Backend& backend,
                                                            ImageOperation operation);

}  // namespace darkroom::actors
