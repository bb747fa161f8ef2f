#pragma once

#include <cstddef>
#include <cstdint>

namespace darkroom::tunnel {

/// What became of a step that does not wait.
enum class Progress : std::uint8_t {
  done,
  wants_read,   ///< Try again when the socket is readable.
  wants_write,  ///< Try again when it is writable.
  ended,        ///< The peer sends nothing more.
  failed,       ///< The connection is of no more use.
};

/// What became of reading or writing; `bytes` is above 0 where it is done, else 0.
struct Transfer {
  std::size_t bytes = 0;
  Progress progress = Progress::done;
};

}  // namespace darkroom::tunnel
