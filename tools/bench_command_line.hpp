#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "tools/bench_accept.hpp"
#include "tools/bench_coordinator.hpp"
#include "tools/bench_memory.hpp"
#include "tools/bench_pixels.hpp"
#include "tools/bench_queue.hpp"
#include "tools/bench_scale.hpp"
#include "tools/bench_store.hpp"
#include "tools/bench_system.hpp"
#include "tools/pixels_load.hpp"
#include "tools/stub_node_process.hpp"

namespace darkroom::tools {

/// What the command line asks for.
struct BenchCommand {
  /// The last two are started by others of these, and stand in no help.
  std::variant<PixelsOptions, MemoryOptions, QueueOptions, StoreOptions, SystemOptions,
               ScaleOptions, AcceptOptions, CoordinatorOptions, StubNodeProcessOptions,
               PixelsLoadOptions>
      options;
  std::vector<std::string> rivals;  ///< Of `pixels`, by name.
  bool json = false;
};

/// The program ends here: what it prints, and its exit code.
struct BenchExit {
  int code = 0;
  std::string out;
  std::string err;
};

/// Reads the command line; `arguments` begins with the program's own name. Ends early for help, and
/// for what cannot be run as it is asked for.
[[nodiscard]] tl::expected<BenchCommand, BenchExit> read_bench_command(
    std::span<const char* const> arguments);

}  // namespace darkroom::tools
