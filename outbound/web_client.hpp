#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "net/address_guard.hpp"

namespace darkroom::outbound {

/// Names and values, without line breaks.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// Asked at least once a second while a request is under way; false ends it.
using GoOn = std::function<bool()>;

/// Takes the next piece of a body; false where it cannot.
using Sink = std::function<bool(std::span<const std::byte>)>;

/// What holds for all requests of a client.
struct WebLimits {
  std::chrono::milliseconds connect_timeout{10'000};  ///< From looking up the host to TLS.
  std::uint64_t least_rate = 1'024;                   ///< In bytes a second, of a sink's body;
  std::chrono::seconds rate_grace{10};                ///< who is slower for this long is left.
  std::size_t answer_bytes = 2'048;                   ///< Kept of a body that goes to no sink.
  std::size_t redirect_bytes = 65'536;                ///< Passed over of a redirect's body.
  std::size_t head_bytes = 65'536;  ///< Taken of heads, those before an answer too.
  std::string user_agent = "darkroom";
  /// Certificates of the authorities that servers are believed by; empty for the system's.
  std::string ca_file = {};
};

struct Post {
  std::string url;
  Headers headers = {};
  std::string body = {};
  std::chrono::milliseconds timeout{15'000};  ///< Of all together.
  GoOn go_on = {};
};

struct Get {
  std::string url;
  Headers headers = {};
  std::uint64_t max_bytes = 0;
  std::chrono::milliseconds timeout{60'000};  ///< Of all together, redirects too.
  int max_redirects = 0;
  GoOn go_on = {};
};

/// What a server said, of whatever status.
struct Answer {
  int status = 0;
  std::optional<std::chrono::seconds> retry_after = {};  ///< From now on.
  std::string content_type = {};
  std::string body = {};  ///< The beginning, for the text of an error; of a Get with 2xx empty.
};

struct Failure {
  enum class Kind : std::uint8_t {
    bad_url,             ///< Also of a redirect.
    refused_address,     ///< The host is, or leads to, an address that the guard refuses.
    unresolvable,        ///< The host has no address, or could not be looked up.
    unreachable,         ///< Nothing takes the connection, or it broke.
    timed_out,           ///< Also too slow.
    too_large,           ///< More than max_bytes, or head_bytes.
    too_many_redirects,  ///< More than max_redirects.
    tls,                 ///< No TLS there, or a certificate that is not believed.
    sink,                ///< The sink took no more.
    stopped,             ///< go_on said so.
    other,
  };

  Kind kind = Kind::other;
  std::string message;  ///< A sentence, with no more of the URL than its host.
};

/// Requests to addresses that somebody else has named. Each goes only where the guard lets it: what
/// is checked is the very address that a socket is about to be connected to, so that neither a
/// redirect nor a name server that answers each time differently leads elsewhere. Http and https
/// only, certificates are verified, no proxy of the environment is used, nothing is kept between
/// requests.
///
/// Thread-safe. Calls block, until their timeout at most.
class WebClient {
 public:
  explicit WebClient(net::AddressGuard guard, WebLimits limits = {});

  /// An answer of any status is none of the failures; no redirect is followed.
  [[nodiscard]] tl::expected<Answer, Failure> post(const Post& post) const;

  /// Gives the body of an answer 2xx to the sink, but for 206: it is a part of what was asked for.
  /// Redirects are followed; one that has been is not the answer.
  [[nodiscard]] tl::expected<Answer, Failure> get(const Get& get, const Sink& sink) const;

 private:
  net::AddressGuard guard_;
  WebLimits limits_;
};

}  // namespace darkroom::outbound
