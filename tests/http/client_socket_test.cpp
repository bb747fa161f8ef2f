#include "http/client_socket.hpp"

#include <chrono>
#include <memory>
#include <thread>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "http/server_certificate.hpp"
#include "http/tls_layer.hpp"
#include "persistence/file_descriptor.hpp"
#include "tests/http/raw_client.hpp"
#include "tests/http/test_certificate.hpp"

// What of a connection no answer of the server shows. The rest is tested by its answers.

namespace darkroom::http {
namespace {

using namespace std::chrono_literals;
using persistence::FileDescriptor;
using std::chrono::steady_clock;

/// A connection of this process to itself; the server's end is a ClientSocket.
class ClientSocketTest : public testing::Test {
 protected:
  ClientSocketTest() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(listener_.number(), generic, size), 0);
    EXPECT_EQ(::listen(listener_.number(), 1), 0);
    EXPECT_EQ(::getsockname(listener_.number(), generic, &size), 0);
    client_ = std::make_unique<RawClient>(ntohs(address.sin_port));
    accepted_ = FileDescriptor{
        ::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    socket_ = std::make_unique<ClientSocket>(accepted_.number(), ClientSocket::Timeouts{10s, 10s});
  }

  /// Whether closing it resets the connection.
  [[nodiscard]] bool will_be_reset() const {
    struct ::linger found {};
    socklen_t size = sizeof(found);
    EXPECT_EQ(::getsockopt(accepted_.number(), SOL_SOCKET, SO_LINGER, &found, &size), 0);
    return found.l_onoff != 0 && found.l_linger == 0;
  }

  FileDescriptor listener_;
  std::unique_ptr<RawClient> client_;
  FileDescriptor accepted_;
  std::unique_ptr<ClientSocket> socket_;
};

TEST_F(ClientSocketTest, IsResetWhereTheDeadlineCameBeforeItCouldWrite) {
  ASSERT_TRUE(socket_->write("in time"));
  EXPECT_FALSE(will_be_reset());
  socket_->set_deadline(steady_clock::now() - 1ms);
  const auto written = socket_->write("too late");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error(), SocketError::timed_out);
  EXPECT_TRUE(will_be_reset());
}

TEST_F(ClientSocketTest, SaysNoFarewellByTlsBehindWhatCameTooLate) {
  const TestCertificate certificate;
  const auto proof = ServerCertificate::load(certificate.in());
  ASSERT_TRUE(proof) << proof.error();
  StopSignal stop;
  std::jthread client{[&] {
    const auto secured = client_->secure({.ca = certificate.certificate().string()});
    EXPECT_TRUE(secured) << secured.error();
  }};
  ASSERT_EQ(socket_->shake_hands(
                std::make_unique<TlsLayer>((*proof)->new_session(), accepted_.number()), stop),
            Handshake::done);
  client.join();
  EXPECT_TRUE(socket_->secured());
  socket_->set_deadline(steady_clock::now() - 1ms);
  EXPECT_FALSE(socket_->write("too late"));
  EXPECT_FALSE(socket_->secured());
  EXPECT_TRUE(will_be_reset());
}

}  // namespace
}  // namespace darkroom::http
