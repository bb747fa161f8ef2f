#include "nodes/allocator.hpp"

#include <cstdlib>

#include <malloc.h>

namespace darkroom::nodes {

void return_memory_early() {
  constexpr int pools = 2;
  constexpr int large_bytes = 128 << 10;
  // Each returns 0 where glibc does not know the parameter; nothing depends on it then. Setting the
  // thresholds keeps them from growing with the blocks that are freed.
  static_cast<void>(mallopt(M_ARENA_MAX, pools));
  static_cast<void>(mallopt(M_MMAP_THRESHOLD, large_bytes));
  static_cast<void>(mallopt(M_TRIM_THRESHOLD, large_bytes));
}

void offer_huge_pages_to_workers() {
  constexpr int keep_what_is_set = 0;
  static_cast<void>(::setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", keep_what_is_set));
}

}  // namespace darkroom::nodes
