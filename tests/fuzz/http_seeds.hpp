#pragma once

#include <string>
#include <vector>

namespace darkroom::fuzz {

struct HttpSeed {
  std::string target;  ///< Which fuzzer starts from it.
  std::string name;    ///< Of its file.
  std::string input;
};

/// What clients send, well-formed and not.
[[nodiscard]] std::vector<HttpSeed> http_seeds();

}  // namespace darkroom::fuzz
