#pragma once

#include <string>
#include <string_view>

#include "jobs/job.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {

/// A job whose original has these bytes, and its blob.
[[nodiscard]] jobs::Job make_job_with_file(TestServer& server, const std::string& content,
                                           std::string filename = "photo.jpg",
                                           std::string_view extension = "jpg");

/// Has a worker complete the job: the file of each rendition is its name and ".".
jobs::Job complete_with_files(TestServer& server, const jobs::JobId& id);

[[nodiscard]] std::string sha256_of(std::string_view bytes);

}  // namespace darkroom::http
