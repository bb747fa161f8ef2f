#pragma once

#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "http/batch_wait.hpp"
#include "http/file_urls.hpp"
#include "http/problem.hpp"
#include "http/upload_intake.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class MessageBody;
class Router;

/// POST /v1/batches: several pictures in the multipart fields `file` or `files`, all of them or
/// none. GET /v1/batches/{id}: how they stand. Both answered once the batch is completed where the
/// client prefers to wait.
class BatchRoute {
 public:
  /// All must outlive this object.
  BatchRoute(const UploadIntake& intake, actors::JobService& jobs, const FileUrls& urls,
             const BatchWait& waits)
      : intake_(intake), service_(jobs), urls_(urls), waits_(waits) {}

  void add_to(Router& router) const;

 private:
  void post(const httplib::Request& request, httplib::Response& response, MessageBody& body) const;
  void get(const httplib::Request& request, httplib::Response& response,
           const std::string& id) const;

  /// The jobs of the batch as they are now, or as they were where that is not to be had.
  [[nodiscard]] std::vector<jobs::Job> jobs_now(const actors::CreatedBatch& created) const;

  const UploadIntake& intake_;
  actors::JobService& service_;
  const FileUrls& urls_;
  const BatchWait& waits_;
};

}  // namespace darkroom::http
