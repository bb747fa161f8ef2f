#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace darkroom::http {

/// Text from a client, made safe to stand in one line of a log or in a sentence of an answer: in
/// single quotes, control characters as \xNN, bad UTF-8 as U+FFFD, cut after `limit` bytes.
[[nodiscard]] std::string quoted_text(std::string_view text, std::size_t limit = 100);

/// The name of an uploaded file for display: the last part of the path that some clients send, as
/// valid UTF-8 without control characters, at most 255 bytes. May be empty.
[[nodiscard]] std::string display_filename(std::string_view filename);

}  // namespace darkroom::http
