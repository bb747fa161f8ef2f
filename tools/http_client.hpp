#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace darkroom::tools {

/// One connection to a service, kept open between requests. For one thread at a time.
class HttpClient {
 public:
  struct Answer {
    long status = 0;
    std::string content_type;
    std::optional<std::chrono::seconds> retry_after;
    std::string body;
  };

  /// The error says why there was no answer.
  using Result = tl::expected<Answer, std::string>;

  /// `url` without a slash at its end: targets, which begin with one, are added to it.
  explicit HttpClient(std::string url);
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient();

  [[nodiscard]] Result get(const std::string& target);
  /// `headers` are lines such as "Content-Type: image/jpeg".
  [[nodiscard]] Result post(const std::string& target, const std::vector<std::string>& headers,
                            std::span<const std::byte> body);

 private:
  struct Connection;

  std::string url_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace darkroom::tools
