#include "tests/tunnel/local_service.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

namespace darkroom::tunnel::tests {

LocalService::LocalService(std::function<void(PlainSocket&)> serve)
    : serve_(std::move(serve)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* const name = reinterpret_cast<sockaddr*>(&address);
  ::bind(listener_.number(), name, length);
  constexpr int backlog = 512;
  ::listen(listener_.number(), backlog);
  ::getsockname(listener_.number(), name, &length);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread{[this] { run(); }};
}

LocalService::~LocalService() {
  ::shutdown(listener_.number(), SHUT_RDWR);
  acceptor_.join();
  {
    const std::scoped_lock lock{mutex_};
    for (const int number : open_)
      ::shutdown(number, SHUT_RDWR);
  }
  for (std::thread& thread : threads_)
    thread.join();
}

void LocalService::run() {
  while (true) {
    const int number = ::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC);
    if (number < 0) return;
    ++connections_;
    const std::scoped_lock lock{mutex_};
    open_.push_back(number);
    threads_.emplace_back([this, number] {
      PlainSocket connection{number};
      try {
        serve_(connection);
      } catch (const std::exception&) {
        // The test sees that nothing came.
      }
      const std::scoped_lock forget{mutex_};
      std::erase(open_, number);
      const PlainSocket closed{std::move(connection)};
    });
  }
}

void echo(PlainSocket& connection) {
  while (true) {
    const std::string bytes = connection.receive();
    if (bytes.empty()) break;
    if (!connection.send(bytes)) return;
  }
  connection.end_sending();
}

}  // namespace darkroom::tunnel::tests
