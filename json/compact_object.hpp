#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace darkroom::json {

/// An object of JSON (RFC 8259) without the blanks between its tokens, otherwise as it was: order,
/// repeated names and the digits of numbers stay. Refused: anything but one object, text that is
/// not UTF-8, objects and lists more than `most_levels` deep. The error says what is wrong and
/// where. Needs no stack however deep the text is.
[[nodiscard]] tl::expected<std::string, std::string> compact_object(std::string_view text,
                                                                    std::size_t most_levels);

}  // namespace darkroom::json
