#pragma once

#include <string>
#include <string_view>

#include "http/request_head.hpp"

namespace darkroom::http {

/// The name of the field that has it, in requests and in answers.
inline constexpr const char* request_id_field = "X-Request-Id";

/// True for 1 to 128 letters, digits and -_.:/+=@~, which are safe in a header, a log line and an
/// address.
[[nodiscard]] bool is_request_id(std::string_view text);

/// That of the client where it sent a good one, else a new one.
[[nodiscard]] std::string request_id_of(const RequestHead& head);

/// 32 hex digits that nobody can guess.
[[nodiscard]] std::string new_request_id();

}  // namespace darkroom::http
