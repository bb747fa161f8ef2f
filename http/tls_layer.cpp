#include "http/tls_layer.hpp"

#include <cerrno>
#include <memory>
#include <new>
#include <system_error>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace darkroom::http {

// Instead of OpenSSL's own, which writes without MSG_NOSIGNAL: a client that is gone would end the
// process.
struct TlsLayer::Callbacks {
  struct Free {
    void operator()(BIO_METHOD* method) const { ::BIO_meth_free(method); }
  };
  using Method = std::unique_ptr<BIO_METHOD, Free>;

  static Wire& wire_of(BIO* bio) { return *static_cast<Wire*>(::BIO_get_data(bio)); }

  static int moved(BIO* bio, ssize_t count, int retry_flag) {
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
      BIO_set_flags(bio, retry_flag | BIO_FLAGS_SHOULD_RETRY);
    }
    return static_cast<int>(count);
  }

  static int write(BIO* bio, const char* bytes, int size) {
    BIO_clear_retry_flags(bio);
    return moved(bio,
                 ::send(wire_of(bio).socket, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL),
                 BIO_FLAGS_WRITE);
  }

  static int read(BIO* bio, char* into, int size) {
    BIO_clear_retry_flags(bio);
    Wire& wire = wire_of(bio);
    const ssize_t count = ::recv(wire.socket, into, static_cast<std::size_t>(size), 0);
    if (count > 0) wire.received += static_cast<std::uint64_t>(count);
    return moved(bio, count, BIO_FLAGS_READ);
  }

  static long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
  }

  static Method make() {
    Method method{::BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "connection")};
    if (!method || ::BIO_meth_set_write(method.get(), write) != 1 ||
        ::BIO_meth_set_read(method.get(), read) != 1 ||
        ::BIO_meth_set_ctrl(method.get(), control) != 1) {
      throw std::bad_alloc{};
    }
    return method;
  }

  static const BIO_METHOD* method() {
    static const Method made = make();
    return made.get();
  }
};

TlsLayer::TlsLayer(tls::Handle<ssl_st> session, int socket)
    : wire_{socket}, session_(std::move(session)) {
  BIO* const bio = ::BIO_new(Callbacks::method());
  if (bio == nullptr) throw std::bad_alloc{};
  ::BIO_set_data(bio, &wire_);
  ::BIO_set_init(bio, 1);
  ::SSL_set_bio(session_.get(), bio, bio);
  ::SSL_set_accept_state(session_.get());
}

TransferState TlsLayer::handshake() {
  ::ERR_clear_error();
  return outcome(::SSL_do_handshake(session_.get()));
}

Transfer TlsLayer::read(std::span<char> into) {
  ::ERR_clear_error();
  std::size_t got = 0;
  const int result = ::SSL_read_ex(session_.get(), into.data(), into.size(), &got);
  return {got, outcome(result)};
}

Transfer TlsLayer::write(std::string_view bytes) {
  ::ERR_clear_error();
  std::size_t put = 0;
  const int result = ::SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &put);
  return {put, outcome(result)};
}

TransferState TlsLayer::finish() {
  ::ERR_clear_error();
  const int result = ::SSL_shutdown(session_.get());
  // 0: what the client says at its end is not waited for.
  return result >= 0 ? TransferState::done : outcome(result);
}

bool TlsLayer::has_decrypted() const {
  return ::SSL_pending(session_.get()) > 0;
}

TransferState TlsLayer::outcome(int result) {
  const int system_error = errno;
  if (result > 0) return TransferState::done;
  const int error = ::SSL_get_error(session_.get(), result);
  switch (error) {
    case SSL_ERROR_WANT_READ:
      return TransferState::wants_read;
    case SSL_ERROR_WANT_WRITE:
      return TransferState::wants_write;
    case SSL_ERROR_ZERO_RETURN:
      return TransferState::ended;
    default:
      break;
  }
  const unsigned long code = ::ERR_peek_error();
  const bool cut = code == 0 || ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  if (!cut) {
    failure_ = tls::openssl_error();
  } else if (error == SSL_ERROR_SYSCALL && system_error != 0) {
    failure_ = std::generic_category().message(system_error);
  } else {
    failure_ = "the client closed the connection";
  }
  ::ERR_clear_error();
  return TransferState::ended;
}

}  // namespace darkroom::http
