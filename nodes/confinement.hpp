#pragma once

namespace darkroom::nodes {

/// Takes from a worker process what decoding pictures does not need: it and its children can never
/// gain privileges, and a decoder that crashes on a hostile picture leaves no core file behind,
/// which would be as large as the picture is in memory and hold what its owner uploaded. Throws
/// std::system_error where the system refuses.
void confine_worker();

}  // namespace darkroom::nodes
