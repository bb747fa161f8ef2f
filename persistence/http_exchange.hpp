#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "jobs/timestamp.hpp"

namespace darkroom::persistence {

struct HttpRequest {
  enum class Method : std::uint8_t { get, head, put, remove };

  Method method = Method::get;
  std::string url;
  std::vector<std::string> header_lines = {};  ///< "Name: value".
  std::uint64_t body_bytes = 0;                ///< Of a PUT.
  /// Fills in what the body of a PUT has from `offset` on and returns how many bytes that is, or 0
  /// to give up. It may be asked for the same bytes again.
  std::function<std::size_t(std::uint64_t offset, std::span<std::byte> out)> body = {};
  /// Takes the next piece of the content of an answer 200 or 206; false to give up.
  std::function<bool(std::span<const std::byte>)> take = {};
};

struct HttpAnswer {
  long status = 0;
  std::optional<std::uint64_t> content_length = {};
  std::optional<jobs::Timestamp> modified_at = {};  ///< Last-Modified
  std::string etag = {};
  std::string content_digest = {};
  std::string refusal = {};  ///< Content of any other answer than 200 and 206, cut to some KiB.
};

struct HttpFailure {
  enum class Kind : std::uint8_t {
    broken,     ///< No connection, no answer in time, or one that was cut off.
    given_up,   ///< `body` or `take` gave up.
    cancelled,  ///< The stop token was asked to stop.
  };

  Kind kind = Kind::broken;
  std::string message;  ///< For the operator: without the URL.
};

struct HttpTimeouts {
  std::chrono::milliseconds connect{};
  std::chrono::milliseconds stall{};  ///< Without a byte in either direction.
  std::chrono::milliseconds total{};
};

/// One HTTP/1.1 request after the other, over one connection where it stays open. Follows no
/// redirects and knows no proxies. Blocks; not thread-safe.
class HttpExchange {
 public:
  HttpExchange();
  HttpExchange(HttpExchange&&) noexcept;
  HttpExchange& operator=(HttpExchange&&) noexcept;
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;
  ~HttpExchange();

  /// An answer of any status is none of the failures. A stop is noticed within a second.
  [[nodiscard]] tl::expected<HttpAnswer, HttpFailure> run(const HttpRequest& request,
                                                          const HttpTimeouts& timeouts,
                                                          const std::stop_token& stop);

 private:
  struct Handle;

  std::unique_ptr<Handle> handle_;
};

}  // namespace darkroom::persistence
