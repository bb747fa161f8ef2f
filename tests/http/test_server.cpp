#include "tests/http/test_server.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <thread>
#include <utility>

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

namespace darkroom::http {

namespace fs = std::filesystem;

TestServer::TestServer(Options options, imaging::Limits limits, RenditionReader read_renditions)
    : TestServer{[&](Services& services) {
                   services.limits = limits;
                   services.read_renditions = std::move(read_renditions);
                 },
                 std::move(options)} {}

TestServer::TestServer(const std::function<void(Services&)>& adjust, Options options) {
  spdlog::set_level(spdlog::level::off);
  auto blobs = persistence::open_file_blob_store(folder());
  if (!blobs) throw std::runtime_error{blobs.error().message};
  blobs_ = std::make_unique<FillableBlobStore>(std::move(*blobs));
  options.port = 0;
  Services services{.jobs = jobs_, .blobs = *blobs_, .limits = {}};
  adjust(services);
  const std::string dialects = options.dialects;
  auto server = Server::start(options, std::move(services));
  if (!server) throw std::runtime_error{server.error()};
  server_ = std::move(*server);
  documented_.emplace(server_->port(), dialects);
}

std::size_t TestServer::stored_files() const {
  std::size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator{folder()}) {
    if (entry.is_regular_file()) ++count;
  }
  return count;
}

bool TestServer::reaches_stored_files(std::size_t count) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (stored_files() != count) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

void TestServer::put_blob(std::string_view key, std::string_view bytes) {
  auto writer = blobs_->create();
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->write(std::as_bytes(std::span{bytes})));
  ASSERT_TRUE((*writer)->finish());
  ASSERT_TRUE((*writer)->commit(key));
}

std::string form_request(std::string_view parts, std::string_view target) {
  return request_text("POST", target, "Content-Type: multipart/form-data; boundary=frontier\r\n",
                      std::string{parts} + "--frontier--\r\n");
}

std::string form_part(std::string_view disposition_parameters, std::string_view content) {
  std::string part = "--frontier\r\nContent-Disposition: form-data; ";
  part += disposition_parameters;
  part += "\r\n\r\n";
  part += content;
  return part + "\r\n";
}

std::string file_part(std::string_view content) {
  return form_part("name=\"file\"; filename=\"picture.ppm\"", content);
}

}  // namespace darkroom::http
