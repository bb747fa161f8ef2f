#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "tests/http/job_with_files.hpp"
#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {

/// The routes of the dialects, on a service that can sign and whose clock is the test's.
class DialectRoutes : public testing::Test {
 protected:
  explicit DialectRoutes(Options options = {})
      : server_{[this](Services& services) {
                  services.client_urls = &key_;
                  services.wall_clock = [this] { return now_.load(); };
                },
                std::move(options)} {}

  [[nodiscard]] RawResponse send(const std::string& method, const std::string& target,
                                 std::string_view header_lines = "") const {
    return server_.exchange(request_text(method, target, header_lines)).value_or(RawResponse{});
  }
  [[nodiscard]] RawResponse get(const std::string& target,
                                std::string_view header_lines = "") const {
    return send("GET", target, header_lines);
  }

  /// A form with this one part.
  [[nodiscard]] RawResponse upload(const std::string& target, std::string_view disposition,
                                   std::string_view content) const {
    return server_.exchange(form_request(form_part(disposition, content), target))
        .value_or(RawResponse{});
  }

  std::atomic<jobs::Timestamp> now_{jobs::system_now()};
  persistence::ClientUrlKey key_{persistence::SigningKey{1, 2, 3}};
  TestServer server_;
};

}  // namespace darkroom::http
