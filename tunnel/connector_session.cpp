#include "tunnel/connector_session.hpp"

#include <array>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "tunnel/tcp_socket.hpp"
#include "tunnel/tls_identity.hpp"

namespace darkroom::tunnel {

ConnectorSession::ConnectorSession(ConnectorSessionHost& host, std::uint64_t id, Channel channel,
                                   Descriptor local)
    : host_(host), id_(id), channel_(channel), local_(std::move(local)), deadline_(host.loop()) {}

void ConnectorSession::start() {
  give_time("its name was not found");
  const ConnectorOptions& options = host_.options();
  host_.lookup().find(options.host, options.port,
                      [self = shared_from_this()](HostLookup::Found found) {
                        if (self->ended_) return;
                        if (!found) return self->fail(found.error());
                        self->addresses_ = *std::move(found);
                        self->try_next_address();
                      });
}

void ConnectorSession::drop() {
  ended_ = true;
  deadline_.cancel();
  local_.close();
  if (peer_) peer_->close();
}

void ConnectorSession::try_next_address() {
  while (next_address_ < addresses_.size()) {
    const Address& address = addresses_[next_address_++];
    auto socket = begin_connect(host_.loop(), address);
    if (socket) {
      peer_.emplace(*std::move(socket));
      deadline_.start(host_.options().node.handshake_timeout, [self = shared_from_this()] {
        self->connect_problems_ = "it does not answer";
        self->peer_->close();
        self->try_next_address();
      });
      return wait(Progress::wants_write, &ConnectorSession::finish_connecting);
    }
    connect_problems_ = std::generic_category().message(socket.error());
  }
  fail(connect_problems_);
}

void ConnectorSession::finish_connecting() {
  if (const int error = connect_result(peer_->socket()); error != 0) {
    connect_problems_ = error == ECONNREFUSED ? "connection refused: nothing listens there"
                                              : std::generic_category().message(error);
    peer_->close();
    return try_next_address();
  }
  send_at_once(peer_->socket());
  watch_peer(peer_->socket(), host_.options().node.peer_timeout);
  const ConnectorOptions& options = host_.options();
  to_send_ =
      to_line({.versions = options.versions, .node = options.node_name, .channel = channel_});
  give_time("it takes connections but does not answer");
  if (host_.identity() == nullptr) return send_hello();
  auto session = host_.identity()->new_session();
  if (!session) return fail("there is no memory for a TLS session");
  peer_->secure(std::move(session));
  shake_hands();
}

void ConnectorSession::shake_hands() {
  const Progress progress = peer_->tls().handshake();
  if (progress == Progress::done) return send_hello();
  if (progress == Progress::ended) return fail("it closed the connection without a word");
  if (progress == Progress::failed) return fail(peer_->failure());
  wait(progress, &ConnectorSession::shake_hands);
}

void ConnectorSession::send_hello() {
  const Transfer sent = peer_->write(to_send_);
  to_send_.erase(0, sent.bytes);
  // Where it takes nothing more, it may still have said why.
  if (to_send_.empty() || sent.progress == Progress::failed) return read_answer();
  wait(sent.progress, &ConnectorSession::send_hello);
}

void ConnectorSession::read_answer() {
  const Transfer got = peer_->read(host_.loop().scratch());
  if (got.progress == Progress::ended) return fail("it closed the connection without a word");
  if (got.progress == Progress::failed) return fail(peer_->failure());
  if (got.progress != Progress::done) return wait(got.progress, &ConnectorSession::read_answer);
  received_.append(host_.loop().scratch().data(), got.bytes);
  const std::size_t end_of_line = received_.find('\n');
  if (end_of_line != std::string::npos) return take_answer(end_of_line);
  if (received_.size() >= max_line) return fail("its answer is not that of a Darkroom node");
  wait(Progress::wants_read, &ConnectorSession::read_answer);
}

void ConnectorSession::take_answer(std::size_t end_of_line) {
  const auto answer = parse_answer(std::string_view{received_}.substr(0, end_of_line));
  if (!answer) return fail(answer.error());
  if (answer->has_value()) return fail(fmt::format("it refuses: {}", **answer));
  ended_ = true;
  deadline_.cancel();
  host_.relay(std::move(*peer_), std::move(local_), received_.substr(end_of_line + 1));
  host_.ended(id_, std::nullopt);
}

void ConnectorSession::wait(Progress progress, void (ConnectorSession::*step)()) {
  peer_->when(progress, [self = shared_from_this(), step] {
    if (!self->ended_) (self.get()->*step)();
  });
}

void ConnectorSession::give_time(std::string what) {
  const auto timeout = host_.options().node.handshake_timeout;
  deadline_.start(timeout, [self = shared_from_this(), what = std::move(what), timeout] {
    self->fail(fmt::format("{} within {} ms", what, timeout.count()));
  });
}

void ConnectorSession::fail(const std::string& why) {
  if (ended_) return;
  const auto self = shared_from_this();
  drop();
  host_.ended(id_, why);
}

}  // namespace darkroom::tunnel
