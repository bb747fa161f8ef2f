#pragma once

#include <functional>
#include <memory>

#include <caf/typed_event_based_actor.hpp>

#include "actors/cpu_meter.hpp"
#include "actors/messages.hpp"
#include "imaging/backend.hpp"
#include "imaging/operations.hpp"

namespace darkroom::actors {

/// One of imaging's three operations.
using ImageOperation = std::function<tl::expected<imaging::RenderedImage, imaging::Error>(
    const imaging::Backend&, const imaging::Source&, const jobs::RenditionSpec&)>;

/// What the RESIZE, COMPRESS and THUMBNAIL actors have in common: apply the operation, and let no
/// exception out, a bad allocation above all. `cpu` counts the time, for the slot.
[[nodiscard]] OperationActor::behavior_type image_operation(const imaging::Backend& backend,
                                                            std::shared_ptr<CpuMeter> cpu,
                                                            ImageOperation operation);

}  // namespace darkroom::actors
