#include "tunnel/front_session.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include "tunnel/tcp_socket.hpp"
#include "tunnel/tls_identity.hpp"

namespace darkroom::tunnel {
namespace {

/// A record's header and that of the handshake message in it.
constexpr std::size_t first_bytes = 9;
constexpr std::uint32_t record_header = 5;
static_assert(first_bytes <= hello_start.size());
/// Those of our own connectors take less than 1 KiB.
constexpr std::uint32_t max_client_hello = std::uint32_t{16} << 10U;
/// Of a whole handshake, with certificates and preamble.
constexpr std::uint64_t max_unproven_bytes = std::uint64_t{64} << 10U;
/// To take note of a refusal.
constexpr std::chrono::milliseconds linger_time{1'000};

std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

/// Without its header.
std::uint32_t record_size(std::string_view bytes) {
  return byte_at(bytes, 3) << 8U | byte_at(bytes, 4);
}

/// RFC 8446, sections 4 and 5.1: whether this is the beginning of a record of type handshake with a
/// whole ClientHello of no great length.
bool begins_client_hello(std::string_view bytes) {
  constexpr std::uint32_t handshake = 22;
  constexpr std::uint32_t client_hello = 1;
  constexpr std::uint32_t message_header = 4;
  const std::uint32_t length =
      byte_at(bytes, 6) << 16U | byte_at(bytes, 7) << 8U | byte_at(bytes, 8);
  return byte_at(bytes, 0) == handshake && byte_at(bytes, 1) == 3 &&
         byte_at(bytes, 5) == client_hello && length <= max_client_hello &&
         message_header + length <= record_size(bytes);
}

}  // namespace

FrontSession::FrontSession(FrontSessionHost& host, std::uint64_t id, Descriptor socket,
                           const Address& from)
    : host_(host), id_(id), from_(from), peer_(std::move(socket)), deadline_(host.loop()) {}

void FrontSession::start() {
  const auto timeout = host_.options().handshake_timeout;
  deadline_.start(timeout, [self = shared_from_this(), timeout] {
    self->host_.refused(self->from_,
                        fmt::format("it did not prove itself within {} ms", timeout.count()));
    self->end(SessionEnd::failed);
  });
  wait_for_bytes(peer_.socket(), static_cast<int>(first_bytes));
  wait(Progress::wants_read, &FrontSession::greet);
}

void FrontSession::drop() {
  ended_ = true;
  deadline_.cancel();
  peer_.close();
  if (local_) local_->close();
}

void FrontSession::greet() {
  std::array<char, first_bytes> bytes{};
  const ssize_t got = ::recv(peer_.socket().number(), bytes.data(), bytes.size(), MSG_PEEK);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
    return wait(Progress::wants_read, &FrontSession::greet);
  }
  // Whoever looks whether the port is open leaves so.
  if (got <= 0) return end(SessionEnd::no_fault);
  wait_for_bytes(peer_.socket(), 1);
  const std::string_view first{bytes.data(), static_cast<std::size_t>(got)};
  if (first.size() < first_bytes) return refuse("it left in mid-word", {}, SessionEnd::failed);
  const bool is_tls = begins_client_hello(first);
  const bool is_plain = hello_start.starts_with(first);
  if (host_.identity() == nullptr) {
    if (is_plain) return read_hello();
    // To a TLS client any line says that nobody speaks TLS here.
    return refuse(is_tls ? "it speaks TLS, which this node is not set up for (node.ca)"
                         : "it is not a Darkroom node",
                  is_tls ? "the coordinator does not use TLS" : "", SessionEnd::failed);
  }
  if (is_plain) {
    constexpr std::string_view why =
        "the coordinator takes TLS only: set node.ca, node.certificate and node.key";
    return refuse("it is a Darkroom node that does not use TLS", why, SessionEnd::failed);
  }
  if (!is_tls) return refuse("it does not speak TLS", {}, SessionEnd::failed);
  // The kernel holds the bytes until the record is whole: a TLS session takes 50 KiB.
  wait_for_bytes(peer_.socket(), static_cast<int>(record_header + record_size(first)));
  wait(Progress::wants_read, &FrontSession::begin_tls);
}

void FrontSession::begin_tls() {
  wait_for_bytes(peer_.socket(), 1);
  auto session = host_.identity()->new_session();
  if (!session) {
    return refuse("there is no memory for its TLS session", {}, SessionEnd::no_fault);
  }
  peer_.secure(std::move(session));
  shake_hands();
}

void FrontSession::shake_hands() {
  const Progress progress = peer_.tls().handshake();
  if (progress == Progress::done) return read_hello();
  if (progress == Progress::failed || progress == Progress::ended) {
    host_.refused(from_, progress == Progress::failed ? peer_.failure() : "it left");
    outcome_ = SessionEnd::failed;
    // OpenSSL has sent the alert that says why.
    return linger();
  }
  if (peer_.tls().bytes_received() > max_unproven_bytes) {
    return refuse("its handshake is too long", {}, SessionEnd::failed);
  }
  wait(progress, &FrontSession::shake_hands);
}

void FrontSession::read_hello() {
  std::array<char, max_line> bytes{};
  const Transfer got =
      peer_.read(std::span{bytes}.first(std::min(max_line - received_.size(), bytes.size())));
  if (got.progress == Progress::wants_read || got.progress == Progress::wants_write) {
    return wait(got.progress, &FrontSession::read_hello);
  }
  if (got.progress == Progress::failed) return refuse(peer_.failure(), {}, SessionEnd::failed);
  if (got.progress == Progress::ended) return end(SessionEnd::no_fault);
  received_.append(bytes.data(), got.bytes);
  const std::size_t end_of_line = received_.find('\n');
  if (end_of_line != std::string::npos) {
    if (end_of_line + 1 == received_.size()) {
      return take_hello(std::string_view{received_}.substr(0, end_of_line));
    }
    constexpr std::string_view why = "it did not wait for the answer to its first line";
    return refuse(why, why, SessionEnd::failed);
  }
  if (received_.size() >= max_line) {
    return refuse("its first line is too long", "the first line is too long", SessionEnd::failed);
  }
  read_hello();
}

void FrontSession::take_hello(std::string_view line) {
  const auto hello = parse_hello(line);
  if (!hello) return refuse(hello.error(), hello.error(), SessionEnd::failed);
  if (const auto why = version_refusal(hello->versions, host_.versions())) {
    return refuse(fmt::format("node \"{}\": {}", hello->node, *why), *why, SessionEnd::no_fault);
  }
  if (const std::string proven = peer_.is_secure() ? peer_.tls().peer_name() : std::string{};
      !proven.empty() && proven != hello->node) {
    return refuse(
        fmt::format("node \"{}\" has the certificate of \"{}\"", hello->node, proven),
        fmt::format("this node calls itself \"{}\", and its certificate is that of \"{}\"",
                    hello->node, proven),
        SessionEnd::failed);
  }
  spdlog::debug("node port: {} is node \"{}\"{}{}, for {}", from_.text(), hello->node,
                peer_.is_secure() ? " with the certificate of " : "",
                peer_.is_secure() ? peer_.tls().peer() : "", to_string(hello->channel));
  const std::uint16_t port = host_.target(hello->channel);
  if (port == 0) {
    return refuse(fmt::format("node \"{}\": this node is still starting", hello->node),
                  "the coordinator is still starting", SessionEnd::no_fault);
  }
  auto socket = begin_connect(host_.loop(), loopback(port));
  if (!socket) {
    const std::string why =
        fmt::format("this node's own {} port cannot be reached: {}", to_string(hello->channel),
                    std::generic_category().message(socket.error()));
    return refuse(why, "the coordinator's service cannot be reached", SessionEnd::no_fault);
  }
  local_.emplace(*std::move(socket));
  local_->when(Progress::wants_write, [self = shared_from_this(), channel = hello->channel] {
    if (!self->ended_) self->finish_connecting(channel);
  });
}

void FrontSession::finish_connecting(Channel channel) {
  if (const int error = connect_result(local_->socket()); error != 0) {
    const std::string why = fmt::format("this node's own {} port cannot be reached: {}",
                                        to_string(channel), std::generic_category().message(error));
    return refuse(why, "the coordinator's service cannot be reached", SessionEnd::no_fault);
  }
  send_at_once(local_->socket());
  ended_ = true;
  deadline_.cancel();
  host_.relay(std::move(peer_), std::move(*local_), accepting_line());
  host_.ended(id_, from_, SessionEnd::proven);
}

void FrontSession::wait(Progress progress, void (FrontSession::*step)()) {
  peer_.when(progress, [self = shared_from_this(), step] {
    if (!self->ended_) (self.get()->*step)();
  });
}

void FrontSession::refuse(std::string_view why, std::string_view to_peer, SessionEnd how) {
  host_.refused(from_, why);
  outcome_ = how;
  if (to_peer.empty()) return end(how);
  // A line that does not fit into an empty socket is not worth waiting for.
  if (peer_.write(refusing_line(to_peer)).progress != Progress::done) return end(how);
  if (peer_.is_secure() && peer_.finish_writing() == Progress::failed) return end(how);
  linger();
}

void FrontSession::linger() {
  if (::shutdown(peer_.socket().number(), SHUT_WR) != 0) return end(outcome_);
  deadline_.start(linger_time, [self = shared_from_this()] { self->end(self->outcome_); });
  discard();
}

void FrontSession::discard() {
  std::array<char, 1'024> bytes{};
  while (true) {
    const ssize_t got = ::recv(peer_.socket().number(), bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EAGAIN) return wait(Progress::wants_read, &FrontSession::discard);
    if (got <= 0) return end(outcome_);
    discarded_ += static_cast<std::size_t>(got);
    if (discarded_ > max_unproven_bytes) return end(outcome_);
  }
}

void FrontSession::end(SessionEnd how) {
  if (ended_) return;
  const auto self = shared_from_this();
  drop();
  host_.ended(id_, from_, how);
}

}  // namespace darkroom::tunnel
