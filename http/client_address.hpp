#pragma once

#include <string>

namespace httplib {
struct Request;
}  // namespace httplib

namespace darkroom::http {

/// The client's address, and its port where no proxy stands between, as it stands in a log line.
[[nodiscard]] std::string client_of(const httplib::Request& request);

/// " request=... trace=...", by which a log line about the request ends.
[[nodiscard]] std::string pairs_of(const httplib::Request& request);

}  // namespace darkroom::http
