#include "http/openapi_refusals.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

/// The refusals of one status.
struct OfStatus {
  std::vector<ProblemCode> as_problem;
  std::vector<ProblemCode> in_form;
};

void add_once(std::vector<ProblemCode>& codes, ProblemCode code) {
  if (std::ranges::find(codes, code) == codes.end()) codes.push_back(code);
}

std::vector<ProblemCode> codes_of_gate(const Refusals& refusals) {
  std::vector<ProblemCode> codes;
  if (refusals.scope != Scope::open) codes = {ProblemCode::unauthorized, ProblemCode::unavailable};
  if (refusals.scope == Scope::write || refusals.scope == Scope::admin)
    codes.push_back(ProblemCode::forbidden_scope);
  if (refusals.limited) codes.push_back(ProblemCode::rate_limited);
  codes.push_back(ProblemCode::internal);
  return codes;
}

// What sends the file refuses as a problem, what finds it in the form of the dialect.
bool is_problem_of_file(ProblemCode code) {
  return code == ProblemCode::precondition_failed || code == ProblemCode::range_not_satisfiable ||
         code == ProblemCode::unknown_file || code == ProblemCode::store_failed;
}

std::map<int, OfStatus> by_status(const Refusals& refusals) {
  std::map<int, OfStatus> statuses;
  const auto add = [&](ProblemCode code) {
    const int usual = kind_of(code).status;
    if (refusals.form.empty()) return add_once(statuses[usual].as_problem, code);
    const auto own = refusals.statuses.find(code);
    add_once(statuses[own == refusals.statuses.end() ? usual : own->second].in_form, code);
    if (refusals.has_file && is_problem_of_file(code)) add_once(statuses[usual].as_problem, code);
  };
  for (const ProblemCode code : refusals.codes)
    add(code);
  for (const ProblemCode code : codes_of_gate(refusals))
    add(code);
  // Those of other statuses are told once for all routes.
  for (const ProblemCode code : refused_before_routing()) {
    if (code == ProblemCode::cross_site && !refusals.changes) continue;
    const auto found = statuses.find(kind_of(code).status);
    if (found != statuses.end()) add_once(found->second.as_problem, code);
  }
  return statuses;
}

std::vector<ProblemCode> all_of(const OfStatus& status) {
  std::vector<ProblemCode> codes = status.as_problem;
  for (const ProblemCode code : status.in_form)
    add_once(codes, code);
  std::ranges::sort(codes);
  return codes;
}

std::set<std::string_view> headers_of(const std::vector<ProblemCode>& codes) {
  std::set<std::string_view> names;
  for (const ProblemCode code : codes) {
    if (kind_of(code).retryable()) names.insert("Retry-After");
    if (code == ProblemCode::unauthorized || code == ProblemCode::forbidden_scope)
      names.insert("WWW-Authenticate");
    if (code == ProblemCode::range_not_satisfiable) names.insert("Content-Range");
    if (code == ProblemCode::rate_limited) names.insert({"RateLimit", "RateLimit-Policy"});
  }
  return names;
}

void write_reference(json::JsonWriter& json, std::string_view kind, std::string_view name) {
  json.member("$ref", fmt::format("#/components/{}/{}", kind, name));
}

void write_content(json::JsonWriter& json, const OfStatus& status, const std::string& form) {
  if (!status.in_form.empty()) {
    json.object("application/json",
                [&] { json.object("schema", [&] { write_reference(json, "schemas", form); }); });
  }
  if (status.as_problem.empty()) return;
  json.object("application/problem+json", [&] {
    json.object("schema", [&] {
      json.raw_member("allOf", fmt::format(R"([{{"$ref":"#/components/schemas/Problem"}},)"
                                           R"({{"type":"object","properties":{{"code":{}}}}}])",
                                           describe_codes(status.as_problem)));
    });
  });
}

void write_response(json::JsonWriter& json, const OfStatus& status, const std::string& form) {
  const auto codes = all_of(status);
  std::string description;
  for (const ProblemCode code : codes) {
    const ProblemKind& kind = kind_of(code);
    description +=
        fmt::format("{}- `{}`: {}", description.empty() ? "" : "\n", kind.name, kind.title);
  }
  json.member("description", description);
  if (const auto headers = headers_of(codes); !headers.empty()) {
    json.object("headers", [&] {
      for (const auto name : headers)
        json.object(name, [&] { write_reference(json, "headers", name); });
    });
  }
  json.object("content", [&] { write_content(json, status, form); });
}

}  // namespace

ProblemCode problem_by_name(std::string_view name) {
  std::string slug{name};
  std::ranges::replace(slug, '_', '-');
  const auto code = find_problem(slug);
  if (code) return *code;
  throw std::invalid_argument{fmt::format("there is no problem {}", name)};
}

const std::vector<ProblemCode>& refused_before_routing() {
  static const std::vector<ProblemCode> codes{
      ProblemCode::malformed_request,    ProblemCode::cross_site,
      ProblemCode::request_timeout,      ProblemCode::too_slow,
      ProblemCode::uri_too_long,         ProblemCode::wrong_host,
      ProblemCode::headers_too_large,    ProblemCode::unknown_method,
      ProblemCode::too_many_connections, ProblemCode::unsupported_version};
  return codes;
}

std::string describe_refusals(const Refusals& refusals) {
  json::JsonWriter json;
  for (const auto& [status, of_status] : by_status(refusals)) {
    json.object(fmt::format("{}", status),
                [&, &of_status = of_status] { write_response(json, of_status, refusals.form); });
  }
  json.object("default", [&] { write_reference(json, "responses", "Refused"); });
  return json.finish();
}

std::string describe_codes(const std::vector<ProblemCode>& codes) {
  std::vector<std::string> names;
  for (const ProblemCode code : codes)
    names.emplace_back(kind_of(code).name);
  json::JsonWriter json;
  json.member("type", "string");
  json.texts("enum", names);
  return json.finish();
}

}  // namespace darkroom::http
