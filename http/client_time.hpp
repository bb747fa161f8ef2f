#pragma once

#include <optional>
#include <string_view>

#include "jobs/timestamp.hpp"

namespace darkroom::http {

/// A time as clients write it: RFC 3339, section 5.6, with or without a fraction of the second, in
/// UTC or with an offset ("2026-11-22T08:30:00Z", "2026-11-22T09:30:00.250+01:00"), or a date
/// alone, which is its first moment in UTC. Cut to milliseconds. A blank stands for the plus of an
/// offset, which is what a query makes of it where the client did not encode it. nullopt for
/// anything else, leap seconds too.
[[nodiscard]] std::optional<jobs::Timestamp> parse_client_time(std::string_view text);

}  // namespace darkroom::http
