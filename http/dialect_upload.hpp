#pragma once

#include <string>

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

/// Speaks as the service that keeps uploads, resized, compressed and thumbnail pictures in a bucket
/// and gives out presigned addresses of them; docs/migrating.md.
///
///   POST      /upload/, /uploads/                                 the file as the field `file`
///   GET, HEAD /upload/{id}/status, /uploads/{id}/status           each also with a slash at its
///   end GET, HEAD /upload/{id}/result, /uploads/{id}/result           the same; also `results`
///   GET, HEAD /uploads/{originals,resized,compressed,thumbnail}/{file}   by a signed address only
///
/// The addresses are given at once and work once the file is there.
class UploadDialect {
 public:
  /// Each must outlive this object.
  UploadDialect(const Services& services, const UploadIntake& intake, const FileUrls& urls)
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
                                                      const std::string& folder,
                                                      const std::string& file) const;

  const Services& services_;
  const UploadIntake& intake_;
  const FileUrls& urls_;
};

/// `{"id","status"}`
[[nodiscard]] std::string upload_status_view(const jobs::Job& job);

/// `{"id","original","resized","compressed","thumbnail"}`; null for what the job does not make.
[[nodiscard]] std::string upload_result_view(const jobs::Job& job, const ViewOptions& options);

}  // namespace darkroom::http
