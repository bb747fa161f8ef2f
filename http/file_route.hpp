#pragma once

#include <string>

#include "persistence/blob_store.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class Router;

/// GET and HEAD /files/{key}: originals and renditions, with conditional requests and single
/// ranges. Memory per download is one buffer.
class FileRoute {
 public:
  explicit FileRoute(const persistence::BlobStore& blobs) : blobs_(blobs) {}

  void add_to(Router& router) const;

  /// Answers with the blob of that key.
  void get(const httplib::Request& request, httplib::Response& response,
           const std::string& key) const;

 private:
  const persistence::BlobStore& blobs_;
};

}  // namespace darkroom::http
