#pragma once

#include <filesystem>
#include <string>

#include "jobs/job.hpp"

namespace darkroom::nodes {

/// Every member of the job, and of each of its files whether it is below `root` and how large it
/// is; as JSON on many lines, for people.
[[nodiscard]] std::string job_to_json(const jobs::Job& job, const std::filesystem::path& root);

/// JSON, spread over lines and indented. What is no JSON stays as it is.
[[nodiscard]] std::string spread(const std::string& json);

}  // namespace darkroom::nodes
