#pragma once

#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "http/job_view.hpp"
#include "http/options.hpp"
#include "http/problem.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/client_url.hpp"

namespace httplib {
struct Request;
}

namespace darkroom::http {

class KeyRing;

/// How clients are given the addresses of files, and what an address must have to be served.
/// Thread-safe.
class FileUrls {
 public:
  /// `key` and `ring` must outlive this object. Without a key nothing can be signed here, nor is
  /// anything taken that claims to be; `ring` says whether the service has API keys.
  FileUrls(const Options& options, const persistence::ClientUrlKey* key, jobs::WallClock clock,
           const KeyRing& ring);

  /// For the view of a job that is made now. The error is that the node has no key yet.
  [[nodiscard]] tl::expected<ViewOptions, Problem> view() const;

  /// The same with addresses that are signed, whatever is set.
  [[nodiscard]] tl::expected<ViewOptions, Problem> signed_view() const;

  /// Until when the signature in the request's address is good; nothing where it has none, if it
  /// need not. One that is not ours, or has expired, is refused wherever it stands.
  [[nodiscard]] tl::expected<std::optional<jobs::Timestamp>, Problem> check(
      const httplib::Request& request, bool must_be_signed) const;

  /// Whether files must be asked for by signed addresses.
  [[nodiscard]] bool only_signed() const { return always_; }

 private:
  [[nodiscard]] tl::expected<persistence::ClientUrls, Problem> urls() const;

  std::string base_url_;
  std::chrono::milliseconds expiry_;
  bool always_;
  const persistence::ClientUrlKey* key_;
  jobs::WallClock clock_;
  const KeyRing& ring_;
};

}  // namespace darkroom::http
