#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include <tl/expected.hpp>

#include "tools/http_client.hpp"
#include "tools/job_document.hpp"

namespace darkroom::tools {

/// Whether a service made what it says, and the same of the same photograph each time.
class RenditionChecker {
 public:
  /// Without downloading anything: all renditions are there, as long as those of the same
  /// photograph before. The error says which is not.
  [[nodiscard]] tl::expected<void, std::string> check(const JobDocument& job, std::size_t photo);

  /// Downloads them all: each has its length and type, a header that says its size, and the SHA-256
  /// of those of the same photograph before.
  [[nodiscard]] tl::expected<void, std::string> download(HttpClient& client, const JobDocument& job,
                                                         std::size_t photo);

 private:
  using Key = std::pair<std::size_t, std::string>;  ///< Photograph, and name of the rendition.

  [[nodiscard]] tl::expected<void, std::string> check_file(const JobDocument::Rendition& rendition,
                                                           const HttpClient::Answer& file,
                                                           const Key& key);

  std::map<Key, std::uint64_t> bytes_;
  std::map<Key, std::string> hashes_;
};

}  // namespace darkroom::tools
