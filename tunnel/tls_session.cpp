#include "tunnel/tls_session.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "tls/certificate_text.hpp"

namespace darkroom::tunnel {
namespace {

/// What is wrong with a peer's certificate.
std::string certificate_fault(int error, const X509* certificate) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID: {
      if (certificate == nullptr) break;
      const std::string why = tls::time_fault(*certificate, tls::now_in_seconds());
      if (!why.empty()) return why;
      break;
    }
    case X509_V_ERR_CERT_REVOKED:
      return "is revoked";
    case X509_V_ERR_INVALID_PURPOSE:
      return "is not for this end of a connection (extended key usage)";
    case X509_V_ERR_CRL_HAS_EXPIRED:
      return "cannot be checked: this node's list of revocations is out of date (node.revocations)";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return "was not issued by this cluster's CA";
    default:
      break;
  }
  return fmt::format("is not good: {}", ::X509_verify_cert_error_string(error));
}

/// What the peer says it finds wrong, by RFC 8446, section 6.2; empty for no such alert.
std::string_view alert_in_words(int reason) {
  switch (reason) {
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
      return "it refuses this node's certificate: it is of another CA";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
      return "it refuses this node's certificate: it is revoked";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
      return "it refuses this node's certificate: it is not valid by that node's clock";
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
      return "it wants a certificate from this node";
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
      return "it refuses this node's certificate";
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return "it does not speak TLS 1.3";
    default:
      return {};
  }
}

bool is_no_tls(int reason) {
  return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST ||
         reason == SSL_R_UNKNOWN_PROTOCOL || reason == SSL_R_PACKET_LENGTH_TOO_LONG ||
         reason == SSL_R_RECORD_LENGTH_MISMATCH || reason == SSL_R_UNEXPECTED_MESSAGE ||
         reason == SSL_R_BAD_RECORD_TYPE;
}

}  // namespace

TlsSession::TlsSession(tls::Handle<ssl_st> session, int socket) : session_(std::move(session)) {
  SSL_set_app_data(session_.get(), state_.get());
  ::SSL_set_fd(session_.get(), socket);
}

Progress TlsSession::handshake() {
  ::ERR_clear_error();
  return outcome(::SSL_do_handshake(session_.get()));
}

Transfer TlsSession::read(std::span<char> into) {
  Transfer transfer;
  // A record at a time, 16 KiB at most (RFC 8446, section 5.1).
  while (transfer.bytes < into.size()) {
    ::ERR_clear_error();
    std::size_t got = 0;
    const int result = ::SSL_read_ex(session_.get(), into.data() + transfer.bytes,
                                     into.size() - transfer.bytes, &got);
    transfer.bytes += got;
    if (result == 1) continue;
    // What has been read goes first; the next call meets the same.
    const Progress why = outcome(result);
    if (transfer.bytes == 0 || why == Progress::failed) return {.bytes = 0, .progress = why};
    break;
  }
  return transfer;
}

Transfer TlsSession::write(std::string_view bytes) {
  Transfer transfer;
  while (transfer.bytes < bytes.size()) {
    ::ERR_clear_error();
    std::size_t put = 0;
    const int result = ::SSL_write_ex(session_.get(), bytes.data() + transfer.bytes,
                                      bytes.size() - transfer.bytes, &put);
    transfer.bytes += put;
    if (result == 1) continue;
    transfer.progress = outcome(result);
    return transfer;
  }
  return transfer;
}

Progress TlsSession::finish_writing() {
  ::ERR_clear_error();
  const int result = ::SSL_shutdown(session_.get());
  return result >= 0 ? Progress::done : outcome(result);
}

std::uint64_t TlsSession::bytes_received() const {
  return ::BIO_number_read(::SSL_get_rbio(session_.get()));
}

std::string TlsSession::peer() const {
  const X509* const certificate = ::SSL_get0_peer_certificate(session_.get());
  if (certificate == nullptr) return {};
  return fmt::format("{} (certificate {})", tls::common_name(*certificate),
                     tls::serial_number(*certificate));
}

std::string TlsSession::peer_name() const {
  const X509* const certificate = ::SSL_get0_peer_certificate(session_.get());
  return certificate == nullptr ? std::string{} : tls::common_name(*certificate);
}

void TlsSession::note_refused_peer(x509_store_ctx_st& check) {
  const auto* const session = static_cast<const SSL*>(
      ::X509_STORE_CTX_get_ex_data(&check, ::SSL_get_ex_data_X509_STORE_CTX_idx()));
  if (session == nullptr) return;
  auto* const state = static_cast<State*>(SSL_get_app_data(session));
  if (state == nullptr || !state->refused_peer.empty()) return;
  const X509* const certificate = ::X509_STORE_CTX_get_current_cert(&check);
  const X509* const leaf = ::X509_STORE_CTX_get0_cert(&check);
  const std::string name = leaf == nullptr ? std::string{} : tls::common_name(*leaf);
  state->refused_peer = fmt::format(
      "its certificate{} {}", name.empty() ? std::string{} : fmt::format(" for \"{}\"", name),
      certificate_fault(::X509_STORE_CTX_get_error(&check), certificate));
}

Progress TlsSession::outcome(int result) {
  const int system_error = errno;
  if (result > 0) return Progress::done;
  const int error = ::SSL_get_error(session_.get(), result);
  switch (error) {
    case SSL_ERROR_WANT_READ:
      return Progress::wants_read;
    case SSL_ERROR_WANT_WRITE:
      return Progress::wants_write;
    case SSL_ERROR_ZERO_RETURN:
      return Progress::ended;
    default:
      state_->failure = reason_of_failure(error, system_error);
      ::ERR_clear_error();
      return Progress::failed;
  }
}

std::string TlsSession::reason_of_failure(int error, int system_error) const {
  if (!state_->refused_peer.empty()) return state_->refused_peer;
  const unsigned long code = ::ERR_peek_error();
  const int reason = ERR_GET_REASON(code);
  const bool lost = error == SSL_ERROR_SYSCALL || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  if (lost) {
    return system_error == 0 || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING
               ? "it closed the connection without a word"
               : fmt::format("the connection was lost: {}",
                             std::generic_category().message(system_error));
  }
  if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) return "it has no certificate";
  if (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_VERSION_TOO_LOW) {
    return "it does not speak TLS 1.3";
  }
  if (is_no_tls(reason)) return "it does not speak TLS";
  if (const auto words = alert_in_words(reason); !words.empty()) return std::string{words};
  const char* const text = ::ERR_reason_error_string(code);
  return fmt::format("TLS failed: {}", text == nullptr ? "no reason given" : text);
}

}  // namespace darkroom::tunnel
