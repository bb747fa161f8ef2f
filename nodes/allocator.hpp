#pragma once

namespace darkroom::nodes {

/// Has malloc give large blocks back to the system as soon as they are freed, and keep few pools
/// for the many threads of a worker: its memory then follows what its jobs take (docs/memory.md).
/// Call it before there are other threads.
void return_memory_early();

}  // namespace darkroom::nodes
