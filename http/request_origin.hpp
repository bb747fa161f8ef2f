#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/cross_origins.hpp"
#include "http/problem.hpp"
#include "http/request_head.hpp"

namespace darkroom::http {

/// Refuses what a web page from elsewhere makes a browser send. The service has no passwords, so it
/// must not be reachable by every page that a user of this machine opens: neither by a form or
/// script that posts to it, nor under a name that the page's owner points at this machine (DNS
/// rebinding), by which a script could read answers too.
class OriginRules {
 public:
  /// `allowed_hosts` as in Options. `loopback`: only this machine reaches the server. Where there
  /// is a `public_url`, its host is one more name that the service goes by. Pages of `origins` are
  /// not refused.
  OriginRules(std::string_view allowed_hosts, bool loopback, std::string_view public_url = {},
              CrossOrigins origins = {});

  /// The problem to answer with, or nullopt for a request that may go on.
  [[nodiscard]] std::optional<Problem> refusal(const RequestHead& head) const;

 private:
  [[nodiscard]] bool serves(std::string_view host) const;

  bool any_host_ = false;
  bool loopback_hosts_ = false;
  std::vector<std::string> hosts_;  ///< Lower case.
  CrossOrigins origins_;
};

}  // namespace darkroom::http
