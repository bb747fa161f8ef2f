#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "http/problem.hpp"
#include "http/request_context.hpp"
#include "persistence/job_filter.hpp"

namespace httplib {
struct Request;
}

namespace darkroom::http {

/// A request for jobs by what they are, as its address says.
struct JobFilterQuery {
  persistence::JobFilter filter;
  /// The parameter `all`: meant to be without a filter.
  bool all = false;
  std::optional<std::uint32_t> limit = {};
  std::optional<jobs::JobId> before = {};  ///< From the parameter `cursor`.

  /// Whether the address says anything of which jobs are wanted.
  [[nodiscard]] bool narrows() const;
};

/// Reads `status`, `queue`, `preset`, `filename`, `batch`, `created_after` and `created_before`,
/// `limit` (from 1 to `most`) and `cursor`, for the jobs of the caller; `tenant` too for one who
/// sees those of all. The error names the parameter and what it takes.
[[nodiscard]] tl::expected<JobFilterQuery, Problem> read_job_filter(const httplib::Request& request,
                                                                    const Caller& caller,
                                                                    std::uint32_t most);

/// Where a listing goes on: good only with the filter that it was made for.
[[nodiscard]] std::string cursor_behind(const jobs::JobId& last,
                                        const persistence::JobFilter& filter);

}  // namespace darkroom::http
