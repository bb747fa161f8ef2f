#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http/problem.hpp"
#include "http/request_context.hpp"

namespace darkroom::http {

/// How a route can refuse a request.
struct Refusals {
  std::vector<ProblemCode> codes = {};  ///< Those of the handler itself.
  Scope scope = Scope::open;
  bool changes = false;   ///< By its method; see OriginRules.
  bool limited = true;    ///< The rate of the requests may be.
  bool has_file = false;  ///< Conditions and ranges are refused as problems in every form.
  /// The schema of its own form of a refusal, for the routes of dialects; empty: that of problems.
  std::string form = {};
  /// The statuses that this form has in place of the problem's.
  std::map<ProblemCode, int> statuses = {};
};

/// The code by its name; throws std::invalid_argument for one that there is not.
[[nodiscard]] ProblemCode problem_by_name(std::string_view name);

/// What may be refused before the route is looked for, whatever it is.
[[nodiscard]] const std::vector<ProblemCode>& refused_before_routing();

/// The responses object of OpenAPI with these refusals, by their status; as JSON.
[[nodiscard]] std::string describe_refusals(const Refusals& refusals);

/// The schema of one code or several: {"type": "string", "enum": [...]}.
[[nodiscard]] std::string describe_codes(const std::vector<ProblemCode>& codes);

}  // namespace darkroom::http
