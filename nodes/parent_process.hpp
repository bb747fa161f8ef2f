#pragma once

namespace darkroom::nodes {

/// Has the kernel kill this process when its parent dies, and ends it at once where `parent` is
/// dead already. Throws std::system_error where the kernel refuses.
void die_with_parent(int parent);

}  // namespace darkroom::nodes
