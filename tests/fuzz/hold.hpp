#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace darkroom::fuzz {

/// Ends the fuzzer with `what` where it is not so: libFuzzer then keeps the input.
inline void hold(bool is_so, std::string_view what) {
  if (is_so) return;
  std::fprintf(stderr, "This does not hold: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace darkroom::fuzz
