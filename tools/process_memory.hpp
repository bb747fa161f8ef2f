#pragma once

#include <cstdint>

namespace darkroom::tools {

/// Resident memory of this process in bytes; 0 where the kernel does not say.
[[nodiscard]] std::uint64_t resident_memory();

}  // namespace darkroom::tools
