#pragma once

#include <string>

#include <tl/expected.hpp>

#include "actors/message_types.hpp"
#include "actors/url_grants.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::actors {

/// Fills in the URLs of a task that goes to such a worker; there must be a signer.
void sign_urls(Task& task, const UrlGrants& grants, jobs::Timestamp now);

/// The URL that an ingest node asks for. Errors: bad_request for what is no blob's key, or no
/// method; unavailable without a signer.
[[nodiscard]] tl::expected<std::string, ServiceError> sign_url(const BlobGrantRequest& request,
                                                               const UrlGrants& grants,
                                                               jobs::Timestamp now);

}  // namespace darkroom::actors
