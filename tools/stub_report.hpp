#pragma once

#include "actors/messages.hpp"

namespace darkroom::tools {

/// What a worker that has completed the task would report, as full as a real one's.
[[nodiscard]] actors::JobReport completed_report(const actors::Task& task,
                                                 const jobs::WorkerId& worker);

}  // namespace darkroom::tools
