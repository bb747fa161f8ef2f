#pragma once

#include "http/file_urls.hpp"
#include "http/job_wait.hpp"
#include "http/upload_intake.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class MessageBody;
class Router;

/// POST /v1/jobs: a picture as the multipart field `file` or as a raw body of image/*, or where to
/// fetch it as a JSON object. Answered
/// once the job is made, or has ended where the client prefers to wait.
class UploadRoute {
 public:
  /// All must outlive this object.
  UploadRoute(const UploadIntake& intake, const FileUrls& urls, const JobWait& waits)
      : intake_(intake), urls_(urls), waits_(waits) {}

  void add_to(Router& router) const;

 private:
  void post(const httplib::Request& request, httplib::Response& response, MessageBody& body) const;

  const UploadIntake& intake_;
  const FileUrls& urls_;
  const JobWait& waits_;
};

}  // namespace darkroom::http
