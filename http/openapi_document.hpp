#pragma once

#include <string>
#include <string_view>

#include "http/dialects.hpp"

namespace darkroom::http {

/// What stands in the description wherever the address of the service belongs.
inline constexpr std::string_view base_url_mark = "{base_url}";

/// The API in OpenAPI 3.1 as JSON, with the routes of these dialects. Made of the files of
/// http/openapi, which leave out what follows from the scope of a route and from the table of
/// problems: its security and its refusals. Throws std::invalid_argument where a file is wrong,
/// which the tests would have found.
[[nodiscard]] std::string openapi_document(const Dialects& dialects, std::string_view version);

}  // namespace darkroom::http
