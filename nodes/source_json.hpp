#pragma once

#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "http/server.hpp"

namespace darkroom::nodes {

/// Reads the JSON object of an upload that names its picture's source: `source_url`, and members
/// called as these parameters. Nothing is taken on trust: unknown and repeated members, those of
/// another type than theirs, null among them, and a depth that nothing has are refused. What is no
/// text is a parameter's value as JSON has it.
[[nodiscard]] tl::expected<http::SourceRequest, std::string> read_source_request(
    std::string_view json, std::span<const std::string> parameters);

}  // namespace darkroom::nodes
