#pragma once

#include <string>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "http/file_urls.hpp"
#include "http/problem.hpp"
#include "http/request_context.hpp"

namespace httplib {
struct Response;
}  // namespace httplib

namespace darkroom::http {

/// The id of a job as it stands in a path.
[[nodiscard]] tl::expected<jobs::JobId, Problem> read_job_id(const std::string& text);

/// The job of the caller whose id stands in a path.
[[nodiscard]] tl::expected<jobs::Job, Problem> find_job(actors::JobService& jobs,
                                                        const Caller& caller,
                                                        const std::string& id_text);

/// Answers with the job, or says why there is none.
void answer_job(httplib::Response& response,
                const tl::expected<jobs::Job, actors::ServiceError>& job, const FileUrls& urls);

/// The same for an operator, with relative addresses that are not signed.
void answer_job(httplib::Response& response,
                const tl::expected<jobs::Job, actors::ServiceError>& job);

}  // namespace darkroom::http
