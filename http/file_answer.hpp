#pragma once

#include <string>

#include "persistence/blob_store.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

/// What an answer with a file says of it, beside its bytes.
struct FileDescription {
  std::string media_type;
  std::string etag = {};  ///< Strong, with its quotes; empty: by size and time of writing.
  std::string cache_control = {};
  std::string disposition = {};  ///< The value of Content-Disposition; empty: none.
};

/// Answers GET or HEAD with the blob of that key: conditions, ranges, and all that keeps a
/// browser from taking an uploaded file for a page. It is read in pieces; memory per download is
/// one buffer.
void answer_file(const httplib::Request& request, httplib::Response& response,
                 const persistence::BlobStore& blobs, const std::string& key,
                 const FileDescription& description);

}  // namespace darkroom::http
