#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "nodes/config.hpp"

namespace darkroom::nodes {

/// Bytes of memory that this process may use in all: the machine's, or less where its control group
/// is limited.
[[nodiscard]] std::uint64_t available_memory();

/// The least of `machine` and of the limits of a control group of version 2 and those above it; see
/// control_groups.
[[nodiscard]] std::uint64_t memory_within_groups(std::uint64_t machine,
                                                 const std::filesystem::path& root,
                                                 std::string_view membership);

/// How many worker processes `serve`, or a worker node, starts.
[[nodiscard]] std::uint32_t worker_count(const Config& config);

/// The memory that the jobs of one worker process share: worker.memory, or for 0 half of what is
/// available divided among so many workers; never less than imaging.max_memory, so that every job
/// that was taken can be done.
[[nodiscard]] std::uint64_t worker_memory(const Config& config, std::uint64_t available,
                                          std::uint32_t workers);

}  // namespace darkroom::nodes
