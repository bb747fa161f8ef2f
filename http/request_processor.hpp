#pragma once

#include <memory>

#include "http/client_socket.hpp"
#include "http/message_body.hpp"
#include "http/options.hpp"
#include "http/request_head.hpp"
#include "http/route_set.hpp"
#include "http/streamed_answer.hpp"
#include "http/traffic.hpp"
#include "http/trusted_proxies.hpp"

namespace darkroom::http {

/// Answers requests by a set of routes; the HTTP library is behind it. Thread-safe.
class RequestProcessor {
 public:
  virtual ~RequestProcessor() = default;

  /// Answers one request, possibly as a stream: then the connection ends with it. `last` says that
  /// it closes after this one in any case, which the answer tells the client. Returns false where
  /// the answer could not be written whole.
  [[nodiscard]] virtual bool process(ClientSocket& socket, const RequestHead& head,
                                     MessageBody& body, StreamedAnswer& streamed, bool last) = 0;
};

/// All but the routes must outlive the processor.
[[nodiscard]] std::unique_ptr<RequestProcessor> make_request_processor(
    std::unique_ptr<RouteSet> routes, const Options& options, const TrustedProxies& proxies,
    Traffic& traffic);

}  // namespace darkroom::http
