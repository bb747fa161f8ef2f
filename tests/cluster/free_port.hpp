#pragma once

namespace darkroom::cluster {

/// A TCP port of loopback that nobody has at this moment. Throws std::runtime_error where there is
/// none.
[[nodiscard]] int free_port();

}  // namespace darkroom::cluster
