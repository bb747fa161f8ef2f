#pragma once

#include <optional>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "persistence/blob_store.hpp"

namespace darkroom::http {

/// Makes the job of an upload, whose original is durable, out of results that are there already:
/// those of an earlier upload of the same file with the same renditions. They are copied, so that
/// neither job needs the other.
///
/// None where there are no such results, or where they cannot be copied or taken over, whatever the
/// reason: then no copy is left behind, and the upload can become an ordinary job. The error is
/// `unavailable`: without an answer nobody knows whether the job exists, so its blobs stay.
[[nodiscard]] tl::expected<std::optional<actors::CreatedJob>, actors::ServiceError> reuse_results(
    actors::JobService& jobs, persistence::BlobStore& blobs, const actors::NewJob& upload);

}  // namespace darkroom::http
