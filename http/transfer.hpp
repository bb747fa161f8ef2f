#pragma once

#include <cstddef>
#include <cstdint>

namespace darkroom::http {

/// What became of a step that does not wait.
enum class TransferState : std::uint8_t {
  done,
  wants_read,   ///< Try again when the socket is readable.
  wants_write,  ///< Try again when it is writable.
  ended,        ///< The connection is over, in order or not.
};

/// What became of reading or writing; `bytes` is above 0 where it is done, else 0.
struct Transfer {
  std::size_t bytes = 0;
  TransferState state = TransferState::done;
};

}  // namespace darkroom::http
