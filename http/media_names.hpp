#pragma once

#include <string>
#include <string_view>

namespace darkroom::http {

/// The name of an upload as Django keeps it: spaces as underlines, and of the rest only letters and
/// digits of any script, `-`, `_` and `.`; at most 100 bytes. Empty where nothing is left of it.
/// `filename` is valid UTF-8.
[[nodiscard]] std::string media_name(std::string_view filename);

/// "photo" of "photo.jpg".
[[nodiscard]] std::string_view stem_of(std::string_view name);

}  // namespace darkroom::http
