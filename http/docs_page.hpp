#pragma once

#include <string>
#include <string_view>

namespace darkroom::http {

/// The description of the API, as openapi_document() makes it, for people: one page of HTML with
/// this style sheet in it, and without script.
[[nodiscard]] std::string docs_page(std::string_view openapi, std::string_view style);

}  // namespace darkroom::http
