#pragma once

#include <string>

#include "http/cross_origins.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

/// Tells the browser that the page which asks may read the answer, where its origin is allowed to;
/// and caches, that the answer depends on who asks.
void add_cross_origin_fields(const CrossOrigins& origins, const httplib::Request& request,
                             httplib::Response& response);

/// Whether a browser asks, before the request itself, if a page may send it, and it may.
[[nodiscard]] bool is_allowed_preflight(const CrossOrigins& origins,
                                        const httplib::Request& request);

/// Answers that question: yes, by these methods ("GET, HEAD, OPTIONS").
void answer_preflight(httplib::Response& response, const std::string& methods);

}  // namespace darkroom::http
