#pragma once

#include <string>
#include <vector>

namespace darkroom::nodes {

/// Why there is nothing to run: help or version was asked for (code 0), or the command line or a
/// setting is wrong (code 2).
struct EarlyExit {
  int code = 0;
  std::string out;  ///< For standard output.
  std::string err;  ///< For standard error; every problem on a line of its own.
};

/// The early exit for these problems, a line each.
[[nodiscard]] inline EarlyExit refusal(const std::vector<std::string>& lines) {
  EarlyExit exit{.code = 2, .out = {}, .err = {}};
  for (const std::string& line : lines)
    exit.err += line + '\n';
  return exit;
}

}  // namespace darkroom::nodes
