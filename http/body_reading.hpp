#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include <tl/expected.hpp>

#include "http/message_body.hpp"
#include "http/problem.hpp"

namespace darkroom::http {

/// Reads a body to its end, or until `take` refuses a piece of it. `received` is counted up as the
/// bytes come. Memory is one buffer.
[[nodiscard]] tl::expected<void, Problem> read_body(
    MessageBody& body, std::uint64_t& received,
    const std::function<tl::expected<void, Problem>(std::string_view)>& take);

}  // namespace darkroom::http
