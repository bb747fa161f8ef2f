#pragma once

#include <string>

#include "http/problem.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

void answer_json(httplib::Response& response, int status, const std::string& json);
void answer_problem(httplib::Response& response, const Problem& problem);

/// True where the answer is a problem already.
[[nodiscard]] bool is_problem(const httplib::Response& response);

/// The client's address and port, as it stands in a log line.
[[nodiscard]] std::string client_of(const httplib::Request& request);

}  // namespace darkroom::http
