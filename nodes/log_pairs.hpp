#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace darkroom::nodes {

/// One key=value of a log message.
struct LogPair {
  std::string_view key;
  std::string value;    ///< Without quotes and escapes.
  bool quoted = false;  ///< Stood in quotes: text, even where it looks like a number.
};

/// A log message, taken apart.
struct SplitMessage {
  std::string_view text;  ///< What stands before the pairs, without the space.
  std::vector<LogPair> pairs;
};

/// Finds the key=value pairs that end a message (logfmt): the longest run of them with nothing
/// behind it. Keys are letters, digits, '_', '-' and '.', beginning with a letter; a value is
/// without spaces and quotes, or in double quotes with \" and \\ inside. `message` must outlive the
/// result.
[[nodiscard]] SplitMessage split_log_pairs(std::string_view message);

}  // namespace darkroom::nodes
