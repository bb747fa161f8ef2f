#include "http/responses.hpp"

#include <algorithm>

#include <httplib.h>

namespace darkroom::http {
namespace {

constexpr auto problem_content_type = "application/problem+json";

}  // namespace

void answer_json(httplib::Response& response, int status, const std::string& json) {
  response.status = status;
  response.set_content(json, "application/json");
  response.set_header("Cache-Control", "no-store");
}

void answer_problem(httplib::Response& response, const Problem& problem) {
  answer_problem(response, problem, to_json(problem));
}

void answer_problem(httplib::Response& response, const Problem& problem, const std::string& json) {
  const ProblemKind& kind = kind_of(problem.code);
  response.status = kind.status;
  response.set_content(json, problem_content_type);
  response.set_header("Cache-Control", "no-store");
  const bool says_when =
      std::any_of(problem.headers.begin(), problem.headers.end(),
                  [](const auto& field) { return field.first == "Retry-After"; });
  if (kind.retryable() && !says_when) {
    response.set_header("Retry-After", std::to_string(kind.retry_after_seconds));
  }
  for (const auto& [name, value] : problem.headers)
    response.set_header(name, value);
}

bool is_problem(const httplib::Response& response) {
  return response.get_header_value("Content-Type") == problem_content_type;
}

}  // namespace darkroom::http
