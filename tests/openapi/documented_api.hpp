#pragma once

#include <compare>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace darkroom::openapi {

/// What a client asked, and what it got.
struct Talk {
  /// Empty where the service could not know what was asked: the request was cut off or malformed.
  std::string method;
  std::string target;  ///< Path and query.
  int status = 0;
  std::map<std::string, std::string> fields;  ///< Of the answer, names in lower case.
  std::string body;
};

/// A description of an API in OpenAPI 3.1, to compare answers with.
class DocumentedApi {
 public:
  /// Throws std::runtime_error where it cannot be read.
  explicit DocumentedApi(std::string_view openapi);
  DocumentedApi(const DocumentedApi&) = delete;
  DocumentedApi& operator=(const DocumentedApi&) = delete;
  DocumentedApi(DocumentedApi&&) = delete;
  DocumentedApi& operator=(DocumentedApi&&) = delete;
  ~DocumentedApi();

  /// What of the answer is not as described; empty where all is.
  [[nodiscard]] std::string complaint(const Talk& talk) const;

  /// The same of JSON by one of the named schemas.
  [[nodiscard]] std::string complaint_about(std::string_view json, const std::string& schema) const;

  /// What is wrong with the examples of the description itself, by their own schemas.
  [[nodiscard]] std::vector<std::string> complaints_about_examples() const;

  struct Operation {
    std::string method;    ///< In upper case.
    std::string path;      ///< "/v1/jobs/{id}".
    std::string security;  ///< "read" where both ways to send a key ask for that; else as it is.
    friend auto operator<=>(const Operation&, const Operation&) = default;
  };
  [[nodiscard]] std::vector<Operation> operations() const;

 private:
  class Judge;
  std::unique_ptr<const Judge> judge_;
};

}  // namespace darkroom::openapi
