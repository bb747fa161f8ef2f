#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "http/dialects.hpp"
#include "jobs/timestamp.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class Router;

/// GET /openapi.json: the API for programs. GET /docs: the same for people. Both name the address
/// that the client calls the service by.
class DocumentationRoutes {
 public:
  DocumentationRoutes(const Dialects& dialects, std::string_view version, jobs::Timestamp now)
      : dialects_(dialects), version_(version), made_at_(now) {}

  /// The routes refer to this object.
  void add_to(Router& router) const;

 private:
  struct Texts {
    std::string openapi;
    std::string page;
    std::string page_policy;  ///< Its Content-Security-Policy.
  };

  /// Made when they are first asked for: it takes some milliseconds.
  [[nodiscard]] const Texts& texts() const;
  /// True where it is answered, and not refused by a condition of the request.
  bool answer(const httplib::Request& request, httplib::Response& response, const std::string& text,
              const char* media_type) const;

  Dialects dialects_;
  std::string version_;
  jobs::Timestamp made_at_;
  mutable std::once_flag once_;
  mutable Texts texts_;
};

}  // namespace darkroom::http
