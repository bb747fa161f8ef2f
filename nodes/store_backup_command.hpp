#pragma once

#include <iosfwd>

#include "nodes/command_line.hpp"

namespace darkroom::nodes {

/// `darkroom store backup`: by the running service where there is one, else by ourselves.
[[nodiscard]] int run_store_backup(const StoreCommand& command, std::ostream& out,
                                   std::ostream& err);

/// `darkroom store restore`
[[nodiscard]] int run_store_restore(const StoreCommand& command, std::ostream& out,
                                    std::ostream& err);

}  // namespace darkroom::nodes
