#include "http/server.hpp"

#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/spdlog.h>

#include "http/api_routes.hpp"
#include "http/client_socket.hpp"
#include "http/connection.hpp"
#include "http/connection_threads.hpp"
#include "http/limits.hpp"
#include "http/listener.hpp"
#include "http/log_throttle.hpp"
#include "http/request_origin.hpp"
#include "http/request_processor.hpp"
#include "http/route_set.hpp"
#include "http/stop_signal.hpp"
#include "http/traffic.hpp"
#include "http/trusted_proxies.hpp"
#include "http/turned_away.hpp"
#include "net/ip_address.hpp"

namespace darkroom::http {
namespace {

constexpr std::chrono::milliseconds pause_when_exhausted{100};
constexpr int wait_with_some_turned_away_ms = 100;

TrustedProxies proxies_of(const Options& options) {
  auto proxies = TrustedProxies::parse(options.trusted_proxies);
  if (proxies) return std::move(*proxies);
  throw std::invalid_argument{"http.trusted_proxies has no address in " + proxies.error()};
}

std::shared_ptr<Traffic> traffic_of(const RouteSet& routes) {
  auto traffic = routes.traffic();
  return traffic ? std::move(traffic) : std::make_shared<Traffic>();
}

// Accepts with a loop of its own rather than the library's, which ends for good at the first
// connection that was aborted before it was accepted, and queues no more than five.
class SocketServer final : public Server {
 public:
  SocketServer(Listener listener, Options options, std::unique_ptr<RouteSet> routes)
      : options_(std::move(options)),
        listener_(std::move(listener)),
        port_(listener_->port()),
        proxies_(proxies_of(options_)),
        origins_(options_.allowed_hosts, listener_->is_loopback(), options_.public_url),
        traffic_(traffic_of(*routes)),
        processor_(make_request_processor(std::move(routes), options_, proxies_, *traffic_)),
        threads_(
            options_.max_connections,
            [this](int descriptor, ConnectionThreads::Place& place) { serve(descriptor, place); }),
        acceptor_([this] { accept_all(); }) {
    traffic_->limit_connections(options_.max_connections);
  }

  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;
  SocketServer(SocketServer&&) = delete;
  SocketServer& operator=(SocketServer&&) = delete;
  ~SocketServer() override { stop(std::chrono::milliseconds{0}); }

  [[nodiscard]] std::uint16_t port() const override { return port_; }

  void stop(std::chrono::milliseconds grace) override {
    const std::scoped_lock lock{stop_mutex_};
    stop_.raise();
    if (acceptor_.joinable()) acceptor_.join();
    listener_.reset();
    threads_.stop(grace);
  }

 private:
  void serve(int descriptor, ConnectionThreads::Place& place) {
    ClientSocket socket{descriptor,
                        {options_.read_timeout, options_.write_timeout},
                        {options_.min_rate, options_.rate_grace}};
    const auto held = traffic_->hold_connection();
    serve_connection(socket, place, *processor_, options_, origins_, stop_, *traffic_);
    const auto moved = socket.take_moved();
    traffic_->moved(moved.received, moved.sent);
  }

  // As ConnectionPlaces takes it: a proxy's connections are those of many clients.
  [[nodiscard]] std::string client_of(int connection) const {
    const auto peer = net::IpAddress::of_peer(connection);
    return !peer || proxies_.trust(*peer) ? std::string{} : peer->client();
  }

  void accept_all() {
    TurnedAway turned_away;
    std::vector<pollfd> entries;
    while (!stop_.raised()) {
      entries.assign({{listener_->descriptor(), POLLIN, 0}, {stop_.descriptor(), POLLIN, 0}});
      turned_away.append_to(entries);
      ::poll(entries.data(), entries.size(),
             turned_away.empty() ? -1 : wait_with_some_turned_away_ms);
      turned_away.tidy();
      if (entries[0].revents != 0) accept_one(turned_away);
    }
  }

  void accept_one(TurnedAway& turned_away) {
    auto accepted = listener_->accept();
    if (accepted.state == Listener::State::accepted) {
      const std::string client = client_of(accepted.connection.number());
      if (!threads_.run(accepted.connection, client)) {
        traffic_->refused_connection();
        turned_away.add(std::move(accepted.connection));
      }
    } else if (accepted.state == Listener::State::exhausted) {
      if (const auto held_back = exhausted_log_.pass(std::chrono::steady_clock::now())) {
        spdlog::warn(
            "no descriptor left for a new connection; raise the limit of open files held_back={}",
            *held_back);
      }
      pollfd entry{stop_.descriptor(), POLLIN, 0};
      ::poll(&entry, 1, static_cast<int>(pause_when_exhausted.count()));
    }
  }

  Options options_;
  std::optional<Listener> listener_;  // Until stopped.
  std::uint16_t port_;
  TrustedProxies proxies_;
  OriginRules origins_;
  StopSignal stop_;
  std::shared_ptr<Traffic> traffic_;
  std::unique_ptr<RequestProcessor> processor_;
  ConnectionThreads threads_;
  LogThrottle exhausted_log_{limits::log_interval};
  std::mutex stop_mutex_;
  std::thread acceptor_;  // Last: it uses all the others.
};

}  // namespace

std::unique_ptr<Server> Server::start(Listener listener, Options options, Services services) {
  auto routes = make_api_routes(options, std::move(services));
  return start(std::move(listener), std::move(options), std::move(routes));
}

std::unique_ptr<Server> Server::start(Listener listener, Options options,
                                      std::unique_ptr<RouteSet> routes) {
  return std::make_unique<SocketServer>(std::move(listener), std::move(options), std::move(routes));
}

tl::expected<std::unique_ptr<Server>, std::string> Server::start(Options options,
                                                                 Services services) {
  auto listener = Listener::open(options.host, options.port);
  if (!listener) return tl::unexpected{listener.error()};
  return start(std::move(*listener), std::move(options), std::move(services));
}

}  // namespace darkroom::http
