#pragma once

#include <set>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace darkroom::persistence {

/// The name under which the store keeps what operators have decided (JobStore::text).
inline constexpr std::string_view operators_text = "operators";

/// What operators have decided, and what outlives the coordinator.
struct OperatorState {
  std::set<std::string, std::less<>> paused_queues;
  std::set<std::string, std::less<>> drained;  ///< Names of workers and of nodes.

  friend bool operator==(const OperatorState&, const OperatorState&) = default;
};

/// One line of JSON, with a schema version.
[[nodiscard]] std::string encode_operator_state(const OperatorState& state);

/// Reads what encode_operator_state() wrote; empty text is an empty state. The error says what is
/// wrong.
[[nodiscard]] tl::expected<OperatorState, std::string> decode_operator_state(std::string_view text);

}  // namespace darkroom::persistence
