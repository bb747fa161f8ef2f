#pragma once

namespace darkroom::nodes {

/// Has malloc give large blocks back to the system as soon as they are freed, and keep few pools
/// for the many threads of a worker: its memory then follows what its jobs take (docs/memory.md).
/// Call it before there are other threads.
void return_memory_early();

/// Has the worker processes that this one starts ask the kernel for huge pages for their large
/// blocks, where it has them (glibc's tunable hugetlb, which can be set from outside only, before
/// the process begins; the operator's own setting stays). A photograph touches thousands of small
/// pages anew in each job, because of return_memory_early(). Call it before there are other
/// threads.
void offer_huge_pages_to_workers();

}  // namespace darkroom::nodes
