#pragma once

#include <string>
#include <string_view>

namespace darkroom::http {

/// Text as it stands in HTML, in an attribute too.
[[nodiscard]] std::string html_escaped(std::string_view text);

/// The Markdown that the description of the API has, as HTML: paragraphs, lists of lines that begin
/// with "- ", and `code`. Anything else is text.
[[nodiscard]] std::string html_of_prose(std::string_view prose);

}  // namespace darkroom::http
