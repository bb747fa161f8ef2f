#pragma once

#include <string>

#include "http/file_urls.hpp"
#include "http/gate.hpp"
#include "http/key_ring.hpp"
#include "http/limits.hpp"
#include "http/log_throttle.hpp"

namespace darkroom::http {

/// Lets in who has an API key of the scope that the route wants, who has a signed address of a
/// file, and anybody where the route is open or the service has no keys. Says who it is.
class Access final : public Gate {
 public:
  /// Both must outlive this object.
  Access(KeyRing& ring, const FileUrls& urls) : ring_(ring), urls_(urls) {}

  [[nodiscard]] tl::expected<void, Problem> enter(const httplib::Request& request,
                                                  const Router::Found& route,
                                                  RequestContext& context) const override;

 private:
  /// The key that is shown, if it is one and good. The error is without its header fields.
  [[nodiscard]] static tl::expected<persistence::ApiKey, std::string> find(
      const KeyRing::Keys& keys, const std::string& shown);
  void log_refusal(const httplib::Request& request, const std::string& why) const;

  KeyRing& ring_;
  const FileUrls& urls_;
  mutable LogThrottle log_{limits::log_interval};
};

}  // namespace darkroom::http
