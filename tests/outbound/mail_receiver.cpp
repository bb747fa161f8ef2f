#include "tests/outbound/mail_receiver.hpp"

#include <array>
#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

namespace darkroom::tests {
namespace {

bool has_input(int descriptor, const std::stop_token& stop) {
  constexpr int pause_ms = 10;
  while (!stop.stop_requested()) {
    pollfd entry{descriptor, POLLIN, 0};
    if (::poll(&entry, 1, pause_ms) > 0) return true;
  }
  return false;
}

}  // namespace

/// One connection.
class MailReceiver::Session {
 public:
  Session(int descriptor, const MailReceiver& owner, const std::stop_token& stop)
      : descriptor_(descriptor), owner_(owner), stop_(stop) {}

  /// Every mail that was taken.
  std::vector<Received> run() {
    std::vector<Received> taken;
    Received mail;
    if (owner_.context_ && owner_.tls_at_once_ && !encrypt()) return taken;
    say("220 receiver.example");
    while (const auto line = read_line()) {
      if (line->starts_with("MAIL FROM:")) mail.from = line->substr(10);
      if (line->starts_with("RCPT TO:")) mail.to = line->substr(8);
      const auto own = own_answer(*line);
      if (own && own->empty()) return taken;
      if (own) {
        say(*own);
      } else if (owner_.context_ && !stream_ && line->starts_with("EHLO")) {
        say("250-receiver.example\r\n250 STARTTLS");
      } else if (owner_.context_ && !stream_ && line->starts_with("STARTTLS")) {
        say("220 go on");
        if (!encrypt()) return taken;
      } else if (line->starts_with("DATA")) {
        say("354 go on");
        mail.data = read_data();
        mail.encrypted = stream_ != nullptr;
        taken.push_back(std::exchange(mail, {}));
        say("250 taken");
      } else if (line->starts_with("QUIT")) {
        say("221 bye");
        return taken;
      } else {
        say("250 ok");
      }
    }
    return taken;
  }

 private:
  [[nodiscard]] std::optional<std::string> own_answer(const std::string& line) const {
    for (const auto& [command, answer] : owner_.answers_) {
      if (line.starts_with(command)) return answer;
    }
    return std::nullopt;
  }

  struct FreeStream {
    void operator()(SSL* stream) const { ::SSL_free(stream); }
  };

  /// False where the client does not go on, because it does not like the certificate above all.
  bool encrypt() {
    stream_.reset(::SSL_new(owner_.context_.get()));
    ::SSL_set_fd(stream_.get(), descriptor_);
    return ::SSL_accept(stream_.get()) == 1;
  }

  void say(const std::string& line) const {
    const std::string bytes = line + "\r\n";
    if (stream_) {
      (void)::SSL_write(stream_.get(), bytes.data(), static_cast<int>(bytes.size()));
    } else {
      (void)::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
  }

  [[nodiscard]] ssize_t read(std::array<char, 4'096>& piece) const {
    if (stream_) return ::SSL_read(stream_.get(), piece.data(), static_cast<int>(piece.size()));
    return ::recv(descriptor_, piece.data(), piece.size(), 0);
  }

  std::optional<std::string> read_line() {
    std::array<char, 4'096> piece{};
    while (true) {
      if (const auto end = buffer_.find("\r\n"); end != std::string::npos) {
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 2);
        return line;
      }
      const bool has_some = stream_ && ::SSL_pending(stream_.get()) > 0;
      if (!has_some && !has_input(descriptor_, stop_)) return std::nullopt;
      const auto count = read(piece);
      if (count <= 0) return std::nullopt;
      buffer_.append(piece.data(), static_cast<std::size_t>(count));
    }
  }

  std::string read_data() {
    std::string data;
    while (const auto line = read_line()) {
      if (*line == ".") break;
      data += *line + "\r\n";
    }
    return data;
  }

  int descriptor_;
  const MailReceiver& owner_;
  const std::stop_token& stop_;
  std::unique_ptr<SSL, FreeStream> stream_;  ///< None as long as nothing is encrypted.
  std::string buffer_;
};

void MailReceiver::FreeContext::operator()(ssl_ctx_st* context) const {
  ::SSL_CTX_free(context);
}

MailReceiver::MailReceiver(std::vector<std::pair<std::string, std::string>> answers,
                           const std::optional<Tls>& tls)
    : answers_(std::move(answers)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (tls) {
    context_.reset(::SSL_CTX_new(::TLS_server_method()));
    tls_at_once_ = tls->at_once;
    if (!context_ ||
        ::SSL_CTX_use_certificate_chain_file(context_.get(), tls->certificate.c_str()) != 1 ||
        ::SSL_CTX_use_PrivateKey_file(context_.get(), tls->key.c_str(), SSL_FILETYPE_PEM) != 1) {
      throw std::runtime_error{"cannot use the certificate"};
    }
    // A client that leaves must not end the test.
    (void)std::signal(SIGPIPE, SIG_IGN);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.number(), generic, length) != 0 || ::listen(listener_.number(), 16) != 0 ||
      ::getsockname(listener_.number(), generic, &length) != 0) {
    throw std::runtime_error{"cannot listen"};
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
}

MailReceiver::~MailReceiver() = default;

std::vector<MailReceiver::Received> MailReceiver::mails() const {
  const std::scoped_lock lock{mutex_};
  return mails_;
}

void MailReceiver::serve(const std::stop_token& stop) {
  while (has_input(listener_.number(), stop)) {
    const persistence::FileDescriptor connection{
        ::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (!connection) continue;
    auto taken = Session{connection.number(), *this, stop}.run();
    const std::scoped_lock lock{mutex_};
    std::move(taken.begin(), taken.end(), std::back_inserter(mails_));
  }
}

}  // namespace darkroom::tests
