#pragma once

#include <string>

namespace httplib {
struct Request;
}

namespace darkroom::http {

/// Who asks, by the key that the request carries as `Authorization: Bearer KEY` (RFC 6750, section
/// 2.1) or else `X-API-Key: KEY`: the first 16 hex digits of the key's SHA-256, never the key.
/// Empty without one. Nothing is refused or allowed by it: tenants take turns in the queue.
[[nodiscard]] std::string tenant_of(const httplib::Request& request);

}  // namespace darkroom::http
