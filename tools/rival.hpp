#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace darkroom::tools {

/// Another image library, measured by a program of its own (tools/rivals) that is started as
/// `command... IMAGE RUNS` and prints {"version": "...", "cpu_ms": [...]}.
struct Rival {
  std::string name;
  std::vector<std::string> command;
};

struct RivalTimes {
  std::string version;
  std::vector<double> milliseconds;  ///< CPU time of each run.
};

/// The rival of that name ("pillow", "sharp") below the folder `programs`; an error names those
/// that there are.
[[nodiscard]] tl::expected<Rival, std::string> find_rival(const std::string& name,
                                                          const std::string& programs);

/// Waits for the program to end. Its standard error goes to ours.
[[nodiscard]] tl::expected<RivalTimes, std::string> run_rival(const Rival& rival,
                                                              const std::string& image,
                                                              std::size_t runs);

}  // namespace darkroom::tools
