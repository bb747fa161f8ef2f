#pragma once

#include <vector>

#include "nodes/settings.hpp"

namespace darkroom::nodes {

/// [webhook] and [email], as part of all_settings().
[[nodiscard]] std::vector<Setting> outbox_settings();

}  // namespace darkroom::nodes
