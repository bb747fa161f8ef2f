#pragma once

#include <tl/expected.hpp>

#include "http/problem.hpp"
#include "http/request_context.hpp"
#include "http/router.hpp"

namespace httplib {
struct Request;
}

namespace darkroom::http {

/// Says who may come in. Asked for each request that has a route, before its handler and before
/// anything of its body is read. Called from many threads at once.
class Gate {
 public:
  virtual ~Gate() = default;

  /// Lets the request pass, and may say in `context` who the caller is; or refuses it.
  [[nodiscard]] virtual tl::expected<void, Problem> enter(const httplib::Request& request,
                                                          const Router::Found& route,
                                                          RequestContext& context) const = 0;
};

}  // namespace darkroom::http
