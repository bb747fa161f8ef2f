#pragma once

#include <chrono>
#include <optional>

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

/// How long the client would wait for the job to end before it is answered: `Prefer: wait=N`, in
/// seconds (RFC 7240, section 4.3). None where it would not, or says so in a way that cannot be
/// read: a preference is never an error.
[[nodiscard]] std::optional<std::chrono::seconds> preferred_wait(const httplib::Request& request);

/// Says in the answer that it was waited for, at most so long.
void note_waited(httplib::Response& response, std::chrono::seconds longest);

}  // namespace darkroom::http
