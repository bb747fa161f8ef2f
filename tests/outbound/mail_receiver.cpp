#include "tests/outbound/mail_receiver.hpp"

#include <array>
#include <optional>
#include <stdexcept>
#include <utility>

#include <netinet/in.h>
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
    say("220 receiver.example");
    while (const auto line = read_line()) {
      if (line->starts_with("MAIL FROM:")) mail.from = line->substr(10);
      if (line->starts_with("RCPT TO:")) mail.to = line->substr(8);
      const auto own = own_answer(*line);
      if (own && own->empty()) return taken;
      if (own) {
        say(*own);
      } else if (line->starts_with("DATA")) {
        say("354 go on");
        mail.data = read_data();
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

  void say(const std::string& line) const {
    const std::string bytes = line + "\r\n";
    (void)::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  std::optional<std::string> read_line() {
    std::array<char, 4'096> piece{};
    while (true) {
      if (const auto end = buffer_.find("\r\n"); end != std::string::npos) {
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 2);
        return line;
      }
      if (!has_input(descriptor_, stop_)) return std::nullopt;
      const auto count = ::recv(descriptor_, piece.data(), piece.size(), 0);
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
  std::string buffer_;
};

MailReceiver::MailReceiver(std::vector<std::pair<std::string, std::string>> answers)
    : answers_(std::move(answers)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
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
