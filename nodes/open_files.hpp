#pragma once

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

#include "nodes/config.hpp"

namespace darkroom::nodes {

/// How many files `serve` may have open at once under this configuration.
[[nodiscard]] std::uint64_t open_files_needed(const Config& config);

/// Where http.max_connections has its default, and the hard limit of open files is too low for it
/// beside everything else: as many as there is room for, at least one, logged. A number that
/// somebody chose stays, and allow_open_files() refuses it.
[[nodiscard]] Config fit_connections(Config config);

/// Lets this process and its children have so many files open, if it may raise its limit that far.
/// The error says what to change.
[[nodiscard]] tl::expected<void, std::string> allow_open_files(std::uint64_t needed);

}  // namespace darkroom::nodes
