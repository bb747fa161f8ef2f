#include "persistence/transfer_refusal.hpp"

#include <string>

#include <rapidjson/document.h>

namespace darkroom::persistence {
namespace {

using Code = TransferErrorCode;

struct Problem {
  std::string code;
  std::string detail;
};

Problem parse_problem(const std::string& body) {
  rapidjson::Document json;
  json.Parse(body.data(), body.size());
  if (json.HasParseError() || !json.IsObject()) return {};
  const auto text = [&](const char* name) {
    const auto member = json.FindMember(name);
    return member != json.MemberEnd() && member->value.IsString()
               ? std::string{member->value.GetString(), member->value.GetStringLength()}
               : std::string{};
  };
  return {.code = text("code"), .detail = text("detail")};
}

Code code_of(long status, const std::string& problem, HttpRequest::Method method) {
  switch (status) {
    case 403:
      return problem == "url_expired" ? Code::expired : Code::refused;
    case 404:
      // Where anything else is not there, it is not the data plane that answers.
      return problem == "unknown_file" || method == HttpRequest::Method::head ? Code::not_found
                                                                              : Code::transient;
    case 408:
    case 429:
      return Code::transient;
    case 412:
    case 422:
      return Code::damaged;
    case 413:
      return Code::too_large;
    case 507:
      return Code::no_space;
    default:
      break;
  }
  if (problem == "store_failed") return Code::unwritable;
  constexpr long first_server_error = 500;
  return status >= first_server_error ? Code::transient : Code::refused;
}

}  // namespace

std::optional<TransferError> refusal_of(const HttpAnswer& answer, HttpRequest::Method method) {
  if (answer.status >= 200 && answer.status < 300) return std::nullopt;
  const auto problem = parse_problem(answer.refusal);
  auto message = "answered " + std::to_string(answer.status);
  if (!problem.code.empty()) message += " " + problem.code + ": " + problem.detail;
  return TransferError{code_of(answer.status, problem.code, method), std::move(message)};
}

}  // namespace darkroom::persistence
