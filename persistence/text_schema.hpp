#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace darkroom::persistence {

/// Checks that a text is an object of JSON, of a schema that this version reads: its member
/// `schema` is from 1 to `newest`. The error says what is wrong and what to do.
[[nodiscard]] tl::expected<void, std::string> check_text_schema(std::string_view text, int newest);

}  // namespace darkroom::persistence
