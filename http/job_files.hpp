#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "http/file_facts.hpp"
#include "http/problem.hpp"
#include "jobs/job.hpp"
#include "persistence/blob_store.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

/// One file of a job that is there.
struct JobFile {
  std::string key;
  FileFacts facts;
};

/// `name` is a rendition's, or `original`. The error is unknown_file, and says whether the file is
/// yet to come.
[[nodiscard]] tl::expected<JobFile, Problem> find_file(const jobs::Job& job, std::string_view name);

/// The first rendition of the job that is of this kind, in whatever state; null where none is.
[[nodiscard]] const jobs::Rendition* first_rendition(const jobs::Job& job,
                                                     jobs::Operation operation);

/// For files whose address is good for other bytes once the job was sent again: the client asks
/// each time, and its copy is good as long as the ETag is the same.
inline constexpr std::string_view ask_each_time = "private, no-cache";

/// Answers GET or HEAD with the file; with `download=1` in the query, to be saved.
void answer_job_file(const httplib::Request& request, httplib::Response& response,
                     const persistence::BlobStore& blobs, const JobFile& file,
                     std::string_view cache_control);

}  // namespace darkroom::http
