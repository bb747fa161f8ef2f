#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/blob_routes.hpp"
#include "http/server.hpp"
#include "persistence/blob_url.hpp"
#include "persistence/remote_blob_store.hpp"
#include "persistence/transfer_options.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/http/fillable_blob_store.hpp"
#include "tests/http/raw_client.hpp"

namespace darkroom::tests {

/// Waits for milliseconds where a service would for seconds.
[[nodiscard]] persistence::TransferOptions quick_transfers();

[[nodiscard]] std::string sha256_of(std::string_view bytes);

/// A node that holds blobs: a store in a temporary folder behind a data-plane server on a free
/// port, whose clock can be set forth. It has a watermark "logo" of the bytes "a logo".
class BlobServer {
 public:
  BlobServer();

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] http::FillableBlobStore& blobs() { return *blobs_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
  [[nodiscard]] const persistence::UrlSigner& signer() const { return signer_; }

  [[nodiscard]] jobs::Timestamp now() const {
    return jobs::system_now() + std::chrono::seconds{set_forth_};
  }
  void set_forth(std::chrono::seconds time) { set_forth_ = set_forth_ + time.count(); }

  /// A URL that is good for a minute.
  [[nodiscard]] std::string url(persistence::BlobMethod method, std::string_view key,
                                std::uint64_t limit = 1'000'000'000) const;
  /// What asks for such URLs.
  [[nodiscard]] persistence::UrlSource urls() const;

  /// Puts a blob into the store itself.
  void put(std::string_view key, std::string_view bytes);
  /// The bytes of a blob; nullopt where there is none.
  [[nodiscard]] std::optional<std::string> content(std::string_view key) const;
  [[nodiscard]] std::size_t temporary_files() const;

  /// One request of a client that can break every rule.
  [[nodiscard]] http::RawResponse send(std::string_view method, std::string_view target,
                                       std::string_view header_lines = "",
                                       std::string_view body = "") const;

 private:
  TemporaryFolder folder_;
  std::atomic<std::int64_t> set_forth_{0};
  persistence::UrlSigner signer_;
  std::unique_ptr<http::FillableBlobStore> blobs_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace darkroom::tests
