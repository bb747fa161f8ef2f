#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "jobs/timestamp.hpp"

namespace httplib {
struct Request;
}  // namespace httplib

namespace darkroom::http {

/// What a client has to compare its copy by.
struct Validators {
  std::string etag;  ///< Strong, with its quotes, without a comma.
  jobs::Timestamp modified_at;
};

enum class Precondition : std::uint8_t {
  passed,        ///< Answer as if there were no condition.
  not_modified,  ///< 304: the client has it.
  failed,        ///< 412: it is not what the client expects.
};

/// Evaluates If-Match, If-Unmodified-Since, If-None-Match and If-Modified-Since of a GET or HEAD
/// request, in the order of RFC 9110, section 13.2.2.
[[nodiscard]] Precondition evaluate_preconditions(const httplib::Request& request,
                                                  const Validators& current);

/// Whether a Range counts (RFC 9110, sections 13.1.5 and 14.2): only for GET, and where there is an
/// If-Range, only for the version that it names.
[[nodiscard]] bool range_applies(const httplib::Request& request, const Validators& current);

/// An HTTP-date in any of the three forms of RFC 9110, section 5.6.7; nullopt for anything else.
[[nodiscard]] std::optional<jobs::Timestamp> parse_http_date(std::string_view text);

}  // namespace darkroom::http
