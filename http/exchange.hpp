#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "http/message_body.hpp"
#include "http/request_context.hpp"
#include "http/router.hpp"
#include "http/streamed_answer.hpp"

namespace httplib {
struct Request;
}

namespace darkroom::http {

/// One request and its answer on their way through the server: what hooks and handlers need that
/// the HTTP library has no place for.
struct Exchange {
  MessageBody& body;
  StreamedAnswer& streamed;
  RequestContext context;
  RouteTraits traits = {};  ///< Of the route, or of others of its path, once they are known.
  std::optional<std::size_t> route = {};  ///< Its place in Router::routes(), once it is found.
  int status = 0;                         ///< Of the answer, once there is one.
};

/// Of no use to the library in a server, Request::progress carries the exchange to the handlers.
struct ExchangeAccess {
  Exchange* exchange;

  bool operator()(std::uint64_t /*unused*/, std::uint64_t /*unused*/) const { return true; }
};

/// Of a request that a server of ours answers.
[[nodiscard]] Exchange& exchange_of(const httplib::Request& request);

}  // namespace darkroom::http
