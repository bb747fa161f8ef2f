#pragma once

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

#include "http/log_throttle.hpp"
#include "http/message_body.hpp"
#include "http/problem.hpp"
#include "persistence/blob_store.hpp"

namespace httplib {
struct Request;
}  // namespace httplib

namespace darkroom::http {

/// Takes the body of a PUT of up to `limit` bytes as the blob `key`: streams it to a temporary
/// file, compares it with its Content-Digest, and makes it durable. Answers whether it replaced a
/// blob. What goes wrong leaves nothing behind, and is safe to repeat. `log` is for what the store
/// says.
[[nodiscard]] tl::expected<bool, Problem> put_blob(persistence::BlobStore& blobs,
                                                   const std::string& key, std::uint64_t limit,
                                                   const httplib::Request& request,
                                                   MessageBody& body, LogThrottle& log);

}  // namespace darkroom::http
