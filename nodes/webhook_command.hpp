#pragma once

#include <iosfwd>

namespace darkroom::nodes {

/// Runs `darkroom webhook secret`: prints a new one. The exit code.
[[nodiscard]] int run_webhook(std::ostream& out);

}  // namespace darkroom::nodes
