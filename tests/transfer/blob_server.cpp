#include "tests/transfer/blob_server.hpp"

#include <iterator>
#include <span>
#include <utility>

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include "http/listener.hpp"
#include "persistence/sha256.hpp"
#include "persistence/signing_key.hpp"
#include "tests/files/content_of.hpp"
#include "tests/persistence/blob_bytes.hpp"

namespace darkroom::tests {

namespace fs = std::filesystem;

persistence::TransferOptions quick_transfers() {
  using std::chrono::milliseconds;
  persistence::TransferOptions options;
  options.attempts = 3;
  options.stall_timeout = milliseconds{400};
  options.timeout = milliseconds{20'000};
  options.first_wait = milliseconds{1};
  options.longest_wait = milliseconds{5};
  return options;
}

std::string sha256_of(std::string_view bytes) {
  persistence::Sha256 hash;
  hash.update(std::as_bytes(std::span{bytes}));
  return hash.finish();
}

BlobServer::BlobServer()
    : signer_(persistence::load_signing_key(folder_.path()).value()),
      blobs_(std::make_unique<http::FillableBlobStore>(
          persistence::open_file_blob_store(folder_.path()).value())) {
  spdlog::set_level(spdlog::level::off);
  http::Options options;
  options.host = "127.0.0.1";
  options.port = 0;
  options.allowed_hosts = "*";
  auto routes = http::make_blob_routes(
      {.blobs = *blobs_,
       .signer = signer_,
       .watermarks = {{"logo", folder_.write("logo", "a logo")}, {"gone", folder_.path() / "gone"}},
       .wall_clock = [this] { return now(); }});
  server_ = http::Server::start(http::Listener::open(options.host, options.port).value(), options,
                                std::move(routes));
}

std::string BlobServer::url(persistence::BlobMethod method, std::string_view key,
                            std::uint64_t limit) const {
  return signer_.sign(method, key, now() + std::chrono::minutes{1}, limit);
}

persistence::UrlSource BlobServer::urls() const {
  return [this](persistence::BlobMethod method, std::string_view key,
                std::uint64_t limit) -> tl::expected<std::string, persistence::StoreError> {
    return url(method, key, limit);
  };
}

void BlobServer::put(std::string_view key, std::string_view bytes) {
  ASSERT_TRUE(persistence::put(*blobs_, key, persistence::bytes_of(bytes)));
}

std::optional<std::string> BlobServer::content(std::string_view key) const {
  const auto path = folder() / key;
  if (!fs::exists(path)) return std::nullopt;
  return content_of(path);
}

std::size_t BlobServer::temporary_files() const {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator{folder() / "temporary"}, {}));
}

http::RawResponse BlobServer::send(std::string_view method, std::string_view target,
                                   std::string_view header_lines, std::string_view body) const {
  http::RawClient client{port()};
  EXPECT_TRUE(client.send(http::request_text(method, target, header_lines, body)));
  return client.receive(method == "HEAD").value_or(http::RawResponse{});
}

}  // namespace darkroom::tests
