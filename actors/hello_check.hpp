#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "actors/message_types.hpp"

namespace darkroom::actors {

/// Bounds on what a worker may say of itself, whoever it is.
namespace worker_limits {
inline constexpr std::size_t name_bytes = 100;  ///< Of a worker, a node, a queue or a version.
inline constexpr std::size_t queues = 1'000;
inline constexpr std::uint32_t slots = 1'024;
inline constexpr std::size_t ailment_bytes = 500;
}  // namespace worker_limits

/// What is wrong with what a worker says of itself, as the end of a sentence that begins "The
/// worker"; empty for nothing.
[[nodiscard]] std::string fault_of(const WorkerHello& hello);

/// The same of a node, after "The node".
[[nodiscard]] std::string fault_of(const NodeHello& hello);

}  // namespace darkroom::actors
