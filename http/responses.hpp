#pragma once

#include <string>

#include "http/problem.hpp"

namespace httplib {
struct Response;
}  // namespace httplib

namespace darkroom::http {

void answer_json(httplib::Response& response, int status, const std::string& json);
/// With the id of the request, where the answer has it in its header already.
void answer_problem(httplib::Response& response, const Problem& problem);

/// The same with a body of its own, made by to_json().
void answer_problem(httplib::Response& response, const Problem& problem, const std::string& json);

/// The same for clients that expect another form: JSON and a status of their own, with the header
/// fields of the problem.
void answer_refusal(httplib::Response& response, const Problem& problem, int status,
                    const std::string& json);

/// True where the answer is a problem already.
[[nodiscard]] bool is_problem(const httplib::Response& response);

}  // namespace darkroom::http
