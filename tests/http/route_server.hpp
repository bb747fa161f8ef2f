#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "http/gate.hpp"
#include "http/route_set.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

namespace darkroom::http {

/// A whole HTTP server on a free port with routes of a test's own.
class RouteServer {
 public:
  explicit RouteServer(std::function<void(Router&)> add_to, const Gate* gate = nullptr,
                       Options options = {}) {
    options.port = 0;
    auto listener = Listener::open(options.host, options.port);
    server_ = Server::start(std::move(*listener), std::move(options),
                            std::make_unique<Routes>(std::move(add_to), gate));
  }

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] Server& server() { return *server_; }

 private:
  class Routes final : public RouteSet {
   public:
    Routes(std::function<void(Router&)> add_to, const Gate* gate)
        : add_to_(std::move(add_to)), gate_(gate) {}
    void add_to(Router& router) override { add_to_(router); }
    [[nodiscard]] const Gate* gate() const override { return gate_; }

   private:
    std::function<void(Router&)> add_to_;
    const Gate* gate_;
  };

  std::unique_ptr<Server> server_;
};

}  // namespace darkroom::http
