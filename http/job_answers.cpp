#include "http/job_answers.hpp"

#include <utility>

#include <fmt/format.h>
#include <httplib.h>

#include "http/client_text.hpp"
#include "http/job_view.hpp"
#include "http/own_jobs.hpp"
#include "http/problem_mapping.hpp"
#include "http/responses.hpp"

namespace darkroom::http {

tl::expected<jobs::JobId, Problem> read_job_id(const std::string& text) {
  if (const auto id = jobs::JobId::parse(text)) return *id;
  return tl::unexpected{Problem{
      ProblemCode::unknown_job,
      fmt::format("{} is no job id. An id looks like 0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f and "
                  "stands in the answer to the upload.",
                  quoted_text(text))}};
}

tl::expected<jobs::Job, Problem> find_job(actors::JobService& jobs, const Caller& caller,
                                          const std::string& id_text) {
  const auto id = read_job_id(id_text);
  if (!id) return tl::unexpected{id.error()};
  auto job = OwnJobs{jobs}.get(caller, *id);
  if (!job) return tl::unexpected{to_problem(job.error())};
  return std::move(*job);
}

void answer_job(httplib::Response& response,
                const tl::expected<jobs::Job, actors::ServiceError>& job, const FileUrls& urls) {
  if (!job) return answer_problem(response, to_problem(job.error()));
  const auto view = urls.view();
  if (!view) return answer_problem(response, view.error());
  answer_json(response, 200, job_view(*job, *view));
}

void answer_job(httplib::Response& response,
                const tl::expected<jobs::Job, actors::ServiceError>& job) {
  if (!job) return answer_problem(response, to_problem(job.error()));
  answer_json(response, 200, job_view(*job));
}

}  // namespace darkroom::http
