#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace darkroom::nodes {

/// The candidate that `wanted` was most probably meant to be: the one with the fewest typing errors
/// (a letter too many, too few, wrong, or two swapped) as long as they are few for its length; else
/// the only one that ends with `wanted` as a whole word, as "http.port" does for "port". nullopt
/// where nothing is near.
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view wanted,
                                                      std::span<const std::string> candidates);

/// "; did you mean X?" for the nearest candidate, or nothing.
[[nodiscard]] std::string suggestion(std::string_view wanted,
                                     std::span<const std::string> candidates);

}  // namespace darkroom::nodes
