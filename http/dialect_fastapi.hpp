#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "http/file_urls.hpp"
#include "http/job_view.hpp"
#include "http/upload_intake.hpp"
#include "jobs/job.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class MessageBody;
class Router;

/// Speaks as the FastAPI service whose jobs have the states of Celery; docs/migrating.md.
///
///   POST      /upload                        the file as the field `file`; no slash at the end
///   GET, HEAD /upload/{id}/status            the same
///   GET, HEAD /upload/{id}/result            the same
///   GET, HEAD /files/processed/{id}/{name}   as the result gives them
class FastApiDialect {
 public:
  /// Each must outlive this object.
  FastApiDialect(const Services& services, const UploadIntake& intake, const FileUrls& urls)
      : services_(services), intake_(intake), urls_(urls) {}

  void add_to(Router& router) const;

 private:
  void post(const httplib::Request& request, httplib::Response& response, MessageBody& body) const;
  void status(const httplib::Request& request, httplib::Response& response,
              const std::string& id) const;
  void result(const httplib::Request& request, httplib::Response& response,
              const std::string& id) const;
  [[nodiscard]] tl::expected<void, Problem> send_file(const httplib::Request& request,
                                                      httplib::Response& response,
                                                      const std::string& id_and_name) const;

  const Services& services_;
  const UploadIntake& intake_;
  const FileUrls& urls_;
};

/// `{"id","task_id","filename","status_url","result_url","message"}`
[[nodiscard]] std::string fastapi_upload_view(const jobs::Job& job);

/// `{"task_id","status"}`
[[nodiscard]] std::string fastapi_status_view(const jobs::Job& job);

/// `{"status","result":{"resized_compressed","thumbnail"}}`; `result` is null until the job is
/// completed, and `error` says why it never will be. Addresses are relative, as clients put the
/// service's own before them.
[[nodiscard]] std::string fastapi_result_view(const jobs::Job& job, ViewOptions options);

}  // namespace darkroom::http
