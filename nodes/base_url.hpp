#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace darkroom::nodes {

/// Reads "https://host" or "http://host:port", to which paths can be added; a slash at its end is
/// dropped. nullopt for anything else.
[[nodiscard]] std::optional<std::string> parse_base_url(std::string_view text);

}  // namespace darkroom::nodes
