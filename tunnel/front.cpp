#include "tunnel/front.hpp"

#include <array>
#include <atomic>
#include <map>
#include <utility>

#include <spdlog/spdlog.h>

#include "tls/certificate_text.hpp"
#include "tunnel/admission.hpp"
#include "tunnel/event_loop.hpp"
#include "tunnel/front_session.hpp"
#include "tunnel/refusal_log.hpp"
#include "tunnel/relay.hpp"
#include "tunnel/tcp_socket.hpp"
#include "tunnel/tls_identity.hpp"

namespace darkroom::tunnel {
namespace {

/// Connections taken in one go, before others get their turn.
constexpr int accepted_at_once = 16;
/// When files or memory have run out.
constexpr std::chrono::milliseconds pause_of_accepting{100};

Admission::Time now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

class Front::Impl final : public FrontSessionHost {
 public:
  Impl(FrontOptions options, std::unique_ptr<TlsIdentity> identity)
      : options_(std::move(options)),
        identity_(std::move(identity)),
        admission_({.all = options_.node.max_peers, .unproven = options_.node.max_handshakes}) {}

  [[nodiscard]] tl::expected<void, std::string> listen() {
    auto listener = listen_at(loop_, options_.node.host, options_.node.join);
    if (!listener) return tl::unexpected{"node.host and node.join: " + listener.error()};
    listener_.emplace(*std::move(listener));
    address_ = local_address(*listener_);
    loop_.post([this] {
      watch();
      wait_for_peers();
    });
    return {};
  }

  void stop() {
    loop_.stop([this] {
      listener_->close();
      timer_.cancel();
      pause_.cancel();
      for (const auto& [id, session] : sessions_)
        session->drop();
      sessions_.clear();
      relays_.cut_all();
    });
  }

  [[nodiscard]] const Address& address() const { return address_; }
  void set_target(Channel channel, std::uint16_t port) {
    targets_.at(static_cast<std::size_t>(channel)) = port;
  }

  [[nodiscard]] FrontFigures figures() const {
    FrontFigures figures{.peers = relays_.size(),
                         .handshakes = handshakes_,
                         .accepted = accepted_,
                         .refused = refused_};
    if (identity_) figures.certificate_left = identity_->expires() - tls::now_in_seconds();
    return figures;
  }

  EventLoop& loop() override { return loop_; }
  const Options& options() const override { return options_.node; }
  const Versions& versions() const override { return options_.versions; }
  const TlsIdentity* identity() const override { return identity_.get(); }
  std::uint16_t target(Channel channel) const override {
    return targets_.at(static_cast<std::size_t>(channel));
  }

  void relay(Stream peer, Stream local, std::string for_peer) override {
    ++accepted_;
    watch_peer(peer.socket(), options_.node.peer_timeout);
    relays_.add(std::move(peer), std::move(local), std::move(for_peer), {});
  }

  void refused(const Address& from, std::string_view why) override {
    ++refused_;
    log_.refused(from.host(), why, now());
  }

  void ended(std::uint64_t id, const Address& from, SessionEnd end) override {
    if (end == SessionEnd::failed) {
      admission_.fail(id, from.owner(), now());
    } else {
      admission_.leave(id, from.owner());
    }
    sessions_.erase(id);
    handshakes_ = sessions_.size();
  }

 private:
  void wait_for_peers() {
    listener_->when(Readiness::readable, [this] { take_peers(); });
  }

  void take_peers() {
    try {
      take_some();
    } catch (const std::exception& error) {
      // Want of memory, above all; the port must not stay deaf for that.
      log_.refused("new connections", error.what(), now());
      pause_.start(pause_of_accepting, [this] { wait_for_peers(); });
    }
  }

  void take_some() {
    for (int i = 0; i < accepted_at_once; ++i) {
      auto accepted = accept_next(loop_, *listener_);
      if (accepted) {
        take(*std::move(accepted));
      } else if (accepted.error() == AcceptFault::exhausted) {
        log_.refused("new connections", "this process has too many files open", now());
        return pause_.start(pause_of_accepting, [this] { wait_for_peers(); });
      } else {
        break;
      }
    }
    wait_for_peers();
  }

  void take(Accepted accepted) {
    const std::uint64_t id = ++last_id_;
    const auto verdict = admission_.enter(id, accepted.from.owner(), relays_.size(), now());
    if (!verdict.admitted) return refused(accepted.from, verdict.reason);
    if (verdict.evicted) evict(*verdict.evicted);
    send_at_once(accepted.socket);
    const auto session =
        std::make_shared<FrontSession>(*this, id, std::move(accepted.socket), accepted.from);
    sessions_.emplace(id, session);
    handshakes_ = sessions_.size();
    session->start();
  }

  void evict(std::uint64_t id) {
    ++refused_;
    const auto session = sessions_.extract(id);
    if (!session.empty()) session.mapped()->drop();
  }

  void watch() {
    // First, so that it goes on whatever is thrown below.
    timer_.start(options_.watch_interval, [this] { watch(); });
    if (identity_) {
      identity_->warn_of_end();
      if (identity_->refresh()) {
        for (const std::string& peer : relays_.cut_revoked(*identity_))
          spdlog::warn("node port: cut off {}: its certificate is revoked", peer);
      }
    }
    relays_.cut_lost(options_.node.peer_timeout);
  }

  FrontOptions options_;
  std::unique_ptr<TlsIdentity> identity_;
  std::array<std::atomic<std::uint16_t>, channel_count> targets_{};
  std::atomic<std::size_t> handshakes_{0};
  std::atomic<std::uint64_t> accepted_{0};
  std::atomic<std::uint64_t> refused_{0};
  Address address_;
  Admission admission_;
  RefusalLog log_;
  EventLoop loop_{"node-port"};
  RelaySet relays_{loop_};
  Timer timer_{loop_};
  Timer pause_{loop_};
  std::optional<Descriptor> listener_;
  std::map<std::uint64_t, std::shared_ptr<FrontSession>> sessions_;
  std::uint64_t last_id_ = 0;
};

tl::expected<std::unique_ptr<Front>, std::string> Front::start(FrontOptions options) {
  const Options& node = options.node;
  if (auto fault = tls_fault(node.tls)) return tl::unexpected{*std::move(fault)};
  if (auto fault = exposure_fault(node, "node.host", node.host)) {
    return tl::unexpected{*std::move(fault)};
  }
  std::unique_ptr<TlsIdentity> identity;
  if (node.tls.given()) {
    auto loaded = TlsIdentity::load(node.tls, TlsRole::front);
    if (!loaded) return tl::unexpected{loaded.error()};
    identity = *std::move(loaded);
  } else if (!is_loopback(node.host)) {
    spdlog::warn(
        "INSECURE: nodes join on {} without TLS (node.insecure = true): whoever can reach that "
        "port "
        "can read all pictures and take over this service",
        node.host);
  }
  auto impl = std::make_unique<Impl>(std::move(options), std::move(identity));
  if (auto listening = impl->listen(); !listening) return tl::unexpected{listening.error()};
  return std::unique_ptr<Front>{new Front(std::move(impl))};
}

Front::Front(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Front::~Front() {
  stop();
}

std::uint16_t Front::port() const {
  return impl_->address().port();
}

void Front::set_target(Channel channel, std::uint16_t port) {
  impl_->set_target(channel, port);
}

FrontFigures Front::figures() const {
  return impl_->figures();
}

void Front::stop() {
  impl_->stop();
}

}  // namespace darkroom::tunnel
