#include "http/responses.hpp"

#include <algorithm>

#include <httplib.h>

#include "http/request_id.hpp"

namespace darkroom::http {
namespace {

constexpr auto problem_content_type = "application/problem+json";

void answer_text(httplib::Response& response, int status, const std::string& text,
                 const char* content_type) {
  response.status = status;
  response.set_content(text, content_type);
  response.set_header("Cache-Control", "no-store");
}

void set_fields(httplib::Response& response, const Problem& problem) {
  const ProblemKind& kind = kind_of(problem.code);
  const bool says_when =
      std::any_of(problem.headers.begin(), problem.headers.end(),
                  [](const auto& field) { return field.first == "Retry-After"; });
  if (kind.retryable() && !says_when) {
    response.set_header("Retry-After", std::to_string(kind.retry_after_seconds));
  }
  for (const auto& [name, value] : problem.headers)
    response.set_header(name, value);
}

}  // namespace

void answer_json(httplib::Response& response, int status, const std::string& json) {
  answer_text(response, status, json, "application/json");
}

void answer_problem(httplib::Response& response, const Problem& problem) {
  const std::string request_id = response.get_header_value(request_id_field);
  answer_problem(response, problem, to_json(problem, [&](json::JsonWriter& json) {
                   if (!request_id.empty()) json.member("request_id", request_id);
                 }));
}

void answer_problem(httplib::Response& response, const Problem& problem, const std::string& json) {
  answer_text(response, kind_of(problem.code).status, json, problem_content_type);
  set_fields(response, problem);
}

void answer_refusal(httplib::Response& response, const Problem& problem, int status,
                    const std::string& json) {
  answer_json(response, status, json);
  set_fields(response, problem);
}

bool is_problem(const httplib::Response& response) {
  return response.get_header_value("Content-Type") == problem_content_type;
}

}  // namespace darkroom::http
