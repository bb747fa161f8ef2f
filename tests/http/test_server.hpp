#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/server.hpp"
#include "persistence/blob_store.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/http/documented_port.hpp"
#include "tests/http/fillable_blob_store.hpp"
#include "tests/http/in_memory_job_service.hpp"
#include "tests/http/raw_client.hpp"

namespace darkroom::http {

/// A whole HTTP server on a free port, with a file blob store in a temporary folder, which is
/// removed in the end, and jobs in memory. Its answers are compared with the description of the
/// API.
class TestServer {
 public:
  explicit TestServer(Options options = {}, imaging::Limits limits = {},
                      RenditionReader read_renditions = {});
  /// `adjust` may change what the routes work with.
  explicit TestServer(const std::function<void(Services&)>& adjust, Options options = {});
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;
  TestServer(TestServer&&) = delete;
  TestServer& operator=(TestServer&&) = delete;
  ~TestServer() = default;

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] InMemoryJobService& jobs() { return jobs_; }
  [[nodiscard]] persistence::BlobStore& blobs() { return *blobs_; }
  [[nodiscard]] FillableBlobStore& disk() { return *blobs_; }
  [[nodiscard]] Server& server() { return *server_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

  /// Every file in the store, temporary ones included.
  [[nodiscard]] std::size_t stored_files() const;
  /// Waits until stored_files() is `count`; false after 10 s.
  [[nodiscard]] bool reaches_stored_files(std::size_t count) const;

  void put_blob(std::string_view key, std::string_view bytes);

  [[nodiscard]] std::optional<RawResponse> exchange(std::string_view request) const {
    return http::exchange(port(), request);
  }

 private:
  tests::TemporaryFolder folder_;
  InMemoryJobService jobs_;
  std::unique_ptr<FillableBlobStore> blobs_;
  std::unique_ptr<Server> server_;
  std::optional<DocumentedPort> documented_;
};

/// A form with the boundary "frontier", from parts made by form_part().
[[nodiscard]] std::string form_request(std::string_view parts,
                                       std::string_view target = "/v1/jobs");
[[nodiscard]] std::string form_part(std::string_view disposition_parameters,
                                    std::string_view content);
/// The field `file` with this content.
[[nodiscard]] std::string file_part(std::string_view content);

}  // namespace darkroom::http
