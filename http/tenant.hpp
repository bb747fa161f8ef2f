#pragma once

#include <string>
#include <string_view>

namespace httplib {
struct Request;
}

namespace darkroom::http {

/// The API key that the request carries as `Authorization: Bearer KEY` (RFC 6750, section 2.1) or
/// else `X-API-Key: KEY`; empty without one. Nothing has been checked of it.
[[nodiscard]] std::string shown_key(const httplib::Request& request);

/// Who asks where the service has no keys of its own to know them by: the first 16 hex digits of
/// the SHA-256 of the key that is shown, whatever it is, and never the key; empty for none. Nothing
/// is refused or allowed by it: tenants take turns in the queue.
[[nodiscard]] std::string tenant_of(std::string_view shown);

}  // namespace darkroom::http
