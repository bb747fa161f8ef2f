#pragma once

#include <string>

#include "actors/job_service.hpp"
#include "http/file_urls.hpp"
#include "http/job_wait.hpp"
#include "http/own_jobs.hpp"
#include "persistence/blob_store.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class Router;

/// GET and DELETE /v1/jobs/{id}, and POST /v1/jobs/{id}/cancel and .../retry, which read no body.
class JobRoutes {
 public:
  /// Each must outlive this object.
  JobRoutes(actors::JobService& jobs, persistence::BlobStore& blobs, const FileUrls& urls,
            const JobWait& waits)
      : jobs_(jobs), blobs_(blobs), urls_(urls), waits_(waits) {}

  void add_to(Router& router) const;

 private:
  void get(const httplib::Request& request, httplib::Response& response,
           const std::string& id_text) const;
  void remove(const httplib::Request& request, httplib::Response& response,
              const std::string& id_text) const;
  void cancel(const httplib::Request& request, httplib::Response& response,
              const std::string& id_text) const;
  void retry(const httplib::Request& request, httplib::Response& response,
             const std::string& id_text) const;

  OwnJobs jobs_;
  persistence::BlobStore& blobs_;
  const FileUrls& urls_;
  const JobWait& waits_;
};

}  // namespace darkroom::http
