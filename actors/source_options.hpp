#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace darkroom::actors {

/// Originals that are fetched from a URL; keys of [source] in config.toml.
struct SourceOptions {
  bool enabled = false;
  /// Addresses and blocks of them that may be asked besides public ones, separated by commas.
  std::string allow = {};
  std::string deny = {};                      ///< The same, and not to be asked in any case.
  std::chrono::milliseconds timeout{30'000};  ///< For one picture, redirects and all.
  std::uint32_t max_redirects = 3;
  /// Fetched at once by one worker process, beside what its slots work on.
  std::uint32_t at_once = 4;
};

}  // namespace darkroom::actors
