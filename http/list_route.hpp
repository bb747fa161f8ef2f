#pragma once

#include "actors/job_service.hpp"
#include "http/file_urls.hpp"
#include "persistence/blob_store.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class Router;

/// What is asked of several jobs at once, by a filter in the address: GET /v1/jobs lists them, a
/// page at a time, POST /v1/jobs/retry sends again those that have failed or were cancelled, and
/// DELETE /v1/jobs removes them with their files.
class ListRoute {
 public:
  /// All must outlive this object.
  ListRoute(actors::JobService& jobs, persistence::BlobStore& blobs, const FileUrls& urls)
      : jobs_(jobs), blobs_(blobs), urls_(urls) {}

  void add_to(Router& router) const;

 private:
  void list(const httplib::Request& request, httplib::Response& response) const;
  void retry(const httplib::Request& request, httplib::Response& response) const;
  void remove(const httplib::Request& request, httplib::Response& response) const;

  actors::JobService& jobs_;
  persistence::BlobStore& blobs_;
  const FileUrls& urls_;
};

}  // namespace darkroom::http
