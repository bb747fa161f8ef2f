#pragma once

#include <optional>
#include <string>

#include "http/file_facts.hpp"
#include "http/file_urls.hpp"
#include "http/server.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class Router;

/// The files of jobs, for clients:
///
///   GET, HEAD /files/{key}                 by its key, as it stands in the job
///   GET, HEAD /v1/jobs/{id}/files/{name}   by its job and name: `original` or a rendition's
///
/// The first always has the same bytes and may be kept by the client; where files are had by
/// signed addresses only, it must be one. The second has whatever the job has now.
class FileRoute {
 public:
  /// Both must outlive this object.
  FileRoute(const Services& services, const FileUrls& urls)
      : services_(services), urls_(urls), directory_(services.jobs, services.wall_clock) {}

  void add_to(Router& router) const;

 private:
  void get(const httplib::Request& request, httplib::Response& response,
           const std::string& key) const;
  void get_of_job(const httplib::Request& request, httplib::Response& response,
                  const std::string& id_and_name) const;

  const Services& services_;
  const FileUrls& urls_;
  mutable FileDirectory directory_;
};

}  // namespace darkroom::http
