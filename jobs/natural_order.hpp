#pragma once

#include <string_view>

namespace darkroom::jobs {

/// Whether `left` comes before `right` for people: numbers within names count as numbers, so that
/// "w1-2" is before "w1-10". A total order.
[[nodiscard]] bool natural_less(std::string_view left, std::string_view right);

}  // namespace darkroom::jobs
