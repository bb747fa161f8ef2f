#include "tunnel/connector.hpp"

#include <map>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "tls/certificate_text.hpp"
#include "tunnel/connector_session.hpp"
#include "tunnel/relay.hpp"
#include "tunnel/tcp_socket.hpp"
#include "tunnel/tls_identity.hpp"

namespace darkroom::tunnel {
namespace {

constexpr int accepted_at_once = 16;
constexpr std::chrono::milliseconds pause_of_accepting{100};

}  // namespace

class Connector::Impl final : public ConnectorSessionHost {
 public:
  Impl(ConnectorOptions options, std::unique_ptr<TlsIdentity> identity)
      : options_(std::move(options)), identity_(std::move(identity)) {}

  [[nodiscard]] tl::expected<void, std::string> listen() {
    for (auto* const port : {&control_, &data_}) {
      auto listener = listen_at(loop_, "127.0.0.1", 0);
      if (!listener) return tl::unexpected{listener.error()};
      port->listener.emplace(*std::move(listener));
      port->number = local_address(*port->listener).port();
    }
    loop_.post([this] {
      watch();
      wait_for(control_);
      wait_for(data_);
    });
    return {};
  }

  void stop() {
    loop_.stop([this] {
      for (auto* const port : {&control_, &data_}) {
        port->listener->close();
        port->pause.cancel();
      }
      timer_.cancel();
      lookup_.cancel();
      for (const auto& [id, session] : sessions_)
        session->drop();
      sessions_.clear();
      relays_.cut_all();
    });
  }

  [[nodiscard]] std::uint16_t port(Channel channel) const {
    return channel == Channel::control ? control_.number : data_.number;
  }
  [[nodiscard]] std::optional<std::string> last_problem() const {
    const std::scoped_lock lock{mutex_};
    return problem_;
  }
  [[nodiscard]] std::size_t peers() const { return relays_.size(); }
  [[nodiscard]] std::optional<std::chrono::seconds> certificate_left() const {
    if (!identity_) return std::nullopt;
    return identity_->expires() - tls::now_in_seconds();
  }

  EventLoop& loop() override { return loop_; }
  HostLookup& lookup() override { return lookup_; }
  const ConnectorOptions& options() const override { return options_; }
  const TlsIdentity* identity() const override { return identity_.get(); }

  void relay(Stream peer, Stream local, std::string for_local) override {
    relays_.add(std::move(peer), std::move(local), {}, std::move(for_local));
  }

  void ended(std::uint64_t id, const std::optional<std::string>& problem) override {
    sessions_.erase(id);
    const bool changed = note(problem);
    if (!changed) return;
    if (problem && options_.on_problem) options_.on_problem(*problem);
    if (!problem && options_.on_reached) options_.on_reached();
  }

 private:
  struct Port {
    Channel channel;
    Timer pause;
    std::optional<Descriptor> listener = {};
    std::uint16_t number = 0;
  };

  /// Whether this is news.
  [[nodiscard]] bool note(const std::optional<std::string>& problem) {
    const std::scoped_lock lock{mutex_};
    const bool first = !std::exchange(tried_, true);
    return std::exchange(problem_, problem) != problem || first;
  }

  void wait_for(Port& port) {
    port.listener->when(Readiness::readable, [this, &port] { take_all(port); });
  }

  void take_all(Port& port) {
    try {
      take_some(port);
    } catch (const std::exception& error) {
      // Want of memory, above all; the port must not stay deaf for that.
      spdlog::warn("a connection to the coordinator cannot be made: {}", error.what());
      port.pause.start(pause_of_accepting, [this, &port] { wait_for(port); });
    }
  }

  void take_some(Port& port) {
    for (int i = 0; i < accepted_at_once; ++i) {
      auto accepted = accept_next(loop_, *port.listener);
      if (accepted) {
        take(port.channel, std::move(accepted->socket));
      } else if (accepted.error() == AcceptFault::exhausted) {
        return port.pause.start(pause_of_accepting, [this, &port] { wait_for(port); });
      } else {
        break;
      }
    }
    wait_for(port);
  }

  void take(Channel channel, Descriptor local) {
    if (relays_.size() + sessions_.size() >= options_.node.max_peers) {
      if (note("this node has too many connections to it (node.max_peers)") &&
          options_.on_problem) {
        options_.on_problem("this node has too many connections to it (node.max_peers)");
      }
      return;
    }
    send_at_once(local);
    const std::uint64_t id = ++last_id_;
    const auto session = std::make_shared<ConnectorSession>(*this, id, channel, std::move(local));
    sessions_.emplace(id, session);
    session->start();
  }

  void watch() {
    // First, so that it goes on whatever is thrown below.
    timer_.start(options_.watch_interval, [this] { watch(); });
    if (identity_) {
      identity_->warn_of_end();
      if (identity_->refresh()) {
        for (const std::string& peer : relays_.cut_revoked(*identity_))
          spdlog::warn("cut off the coordinator {}: its certificate is revoked", peer);
      }
    }
    relays_.cut_lost(options_.node.peer_timeout);
  }

  ConnectorOptions options_;
  std::unique_ptr<TlsIdentity> identity_;
  mutable std::mutex mutex_;
  std::optional<std::string> problem_;  ///< Guarded by the mutex, as is what follows.
  bool tried_ = false;
  EventLoop loop_{"connector"};
  HostLookup lookup_{loop_};
  RelaySet relays_{loop_};
  Timer timer_{loop_};
  Port control_{.channel = Channel::control, .pause = Timer{loop_}};
  Port data_{.channel = Channel::data, .pause = Timer{loop_}};
  std::map<std::uint64_t, std::shared_ptr<ConnectorSession>> sessions_;
  std::uint64_t last_id_ = 0;
};

tl::expected<std::unique_ptr<Connector>, std::string> Connector::start(ConnectorOptions options) {
  const Options& node = options.node;
  if (!is_node_name(options.node_name)) {
    return tl::unexpected{fmt::format(
        "\"{}\" cannot be this node's name: it must be 1 to {} letters, digits, '-', '.' and '_', "
        "beginning with a letter or digit",
        options.node_name, max_node_name)};
  }
  if (auto fault = tls_fault(node.tls)) return tl::unexpected{*std::move(fault)};
  if (auto fault = exposure_fault(node, "--join", options.host)) {
    return tl::unexpected{*std::move(fault)};
  }
  std::unique_ptr<TlsIdentity> identity;
  if (node.tls.given()) {
    auto loaded = TlsIdentity::load(node.tls, TlsRole::connector);
    if (!loaded) return tl::unexpected{loaded.error()};
    identity = *std::move(loaded);
    if (const auto& proven = identity->name(); !proven.empty() && proven != options.node_name) {
      return tl::unexpected{fmt::format(
          "this node is called \"{0}\" (--name), and node.certificate: {1} is that of \"{2}\"; "
          "start it with --name={2} or without --name, or give it the certificate of {0} "
          "(`darkroom certs issue {0}`)",
          options.node_name, node.tls.certificate.string(), proven)};
    }
  } else if (!is_loopback(options.host)) {
    spdlog::warn(
        "INSECURE: this node joins {} without TLS (node.insecure = true): whoever is between can "
        "read and change everything",
        endpoint_text(options.host, options.port));
  }
  auto impl = std::make_unique<Impl>(std::move(options), std::move(identity));
  if (auto listening = impl->listen(); !listening) return tl::unexpected{listening.error()};
  return std::unique_ptr<Connector>{new Connector(std::move(impl))};
}

Connector::Connector(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Connector::~Connector() {
  stop();
}

std::uint16_t Connector::control_port() const {
  return impl_->port(Channel::control);
}

std::uint16_t Connector::data_port() const {
  return impl_->port(Channel::data);
}

std::optional<std::string> Connector::last_problem() const {
  return impl_->last_problem();
}

std::size_t Connector::peers() const {
  return impl_->peers();
}

std::optional<std::chrono::seconds> Connector::certificate_left() const {
  return impl_->certificate_left();
}

void Connector::stop() {
  impl_->stop();
}

}  // namespace darkroom::tunnel
