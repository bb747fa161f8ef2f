#include "tunnel/relay.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "tunnel/tcp_socket.hpp"
#include "tunnel/tls_identity.hpp"

namespace darkroom::tunnel {

Relay::Relay(EventLoop& loop, Stream peer, Stream local)
    : loop_(loop), peer_(std::move(peer)), local_(std::move(local)) {}

void Relay::start(std::string for_peer, std::string for_local, std::function<void(Relay&)> on_end) {
  on_end_ = std::move(on_end);
  outward_.pending = std::move(for_peer);
  inward_.pending = std::move(for_local);
  pump(outward_);
  pump(inward_);
}

void Relay::cut() {
  if (closed_) return;
  // Each end then sees that the other was lost, not that it has said all.
  cut_on_close(peer_.socket());
  cut_on_close(local_.socket());
  end();
}

bool Relay::is_lost(std::chrono::milliseconds peer_timeout) const {
  return is_gone(peer_.socket()) || is_gone(local_.socket()) ||
         tunnel::is_lost(peer_.socket(), peer_timeout);
}

void Relay::pump(Way& way) {
  // One that never has to wait must not keep others from their turn.
  constexpr int turns = 8;
  for (int turn = 0; turn < turns; ++turn) {
    if (closed_ || way.ended || !flush(way)) return;
    if (way.read_all) return finish(way);
    if (!carry(way)) return;
  }
  loop_.post([self = shared_from_this(), &way] { self->pump(way); });
}

bool Relay::flush(Way& way) {
  if (way.pending.empty()) return true;
  const Transfer sent = way.to->write(way.pending);
  way.pending.erase(0, sent.bytes);
  if (way.pending.empty()) {
    way.pending.shrink_to_fit();
    return true;
  }
  wait(way, *way.to, sent.progress);
  return false;
}

bool Relay::carry(Way& way) {
  const Transfer got = way.from->read(loop_.scratch());
  if (got.progress == Progress::ended) {
    way.read_all = true;
    return true;
  }
  if (got.progress != Progress::done) {
    wait(way, *way.from, got.progress);
    return false;
  }
  const std::string_view bytes{loop_.scratch().data(), got.bytes};
  const Transfer sent = way.to->write(bytes);
  if (sent.bytes == bytes.size()) return true;
  way.pending = bytes.substr(sent.bytes);
  wait(way, *way.to, sent.progress);
  return false;
}

void Relay::finish(Way& way) {
  const Progress told = way.to->finish_writing();
  if (told != Progress::done) return wait(way, *way.to, told);
  way.ended = true;
  if (inward_.ended && outward_.ended) end();
}

void Relay::wait(Way& way, Stream& stream, Progress progress) {
  if (progress == Progress::failed || progress == Progress::ended) return cut();
  stream.when(progress, [self = shared_from_this(), &way] { self->pump(way); });
}

void Relay::end() {
  if (std::exchange(closed_, true)) return;
  peer_.close();
  local_.close();
  if (on_end_) std::exchange(on_end_, nullptr)(*this);
}

void RelaySet::add(Stream peer, Stream local, std::string for_peer, std::string for_local) {
  auto relay = std::make_shared<Relay>(*loop_, std::move(peer), std::move(local));
  relays_.push_back(relay);
  size_ = relays_.size();
  relay->start(std::move(for_peer), std::move(for_local), [this](Relay& ended) {
    std::erase_if(relays_, [&ended](const auto& each) { return each.get() == &ended; });
    size_ = relays_.size();
  });
}

void RelaySet::cut_all() {
  // Each takes itself out of the list when it ends.
  const auto all = relays_;
  for (const auto& relay : all)
    relay->cut();
}

std::vector<std::string> RelaySet::cut_revoked(const TlsIdentity& identity) {
  std::vector<std::string> peers;
  const auto all = relays_;
  for (const auto& relay : all) {
    const Stream& peer = relay->peer();
    if (!peer.is_secure() || !identity.is_revoked(peer.tls().session())) continue;
    peers.push_back(peer.tls().peer());
    relay->cut();
  }
  return peers;
}

void RelaySet::cut_lost(std::chrono::milliseconds peer_timeout) {
  const auto all = relays_;
  for (const auto& relay : all) {
    if (relay->is_lost(peer_timeout)) relay->cut();
  }
}

}  // namespace darkroom::tunnel
