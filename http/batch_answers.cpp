#include "http/batch_answers.hpp"

#include <utility>

#include <fmt/format.h>

#include "http/client_text.hpp"
#include "http/own_jobs.hpp"
#include "http/problem_mapping.hpp"

namespace darkroom::http {

tl::expected<jobs::JobId, Problem> read_batch_id(const std::string& text) {
  if (const auto id = jobs::JobId::parse(text)) return *id;
  return tl::unexpected{
      Problem{ProblemCode::unknown_batch,
              fmt::format("{} is no batch id. An id looks like "
                          "0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f and stands in the answer to POST "
                          "/v1/batches.",
                          quoted_text(text))}};
}

tl::expected<actors::BatchState, Problem> find_batch(actors::JobService& jobs, const Caller& caller,
                                                     const std::string& id_text) {
  const auto id = read_batch_id(id_text);
  if (!id) return tl::unexpected{id.error()};
  auto batch = OwnJobs{jobs}.batch(caller, *id);
  if (!batch) return tl::unexpected{to_problem(batch.error())};
  return std::move(*batch);
}

}  // namespace darkroom::http
