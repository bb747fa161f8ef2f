#include "tests/http/raw_client.hpp"

#include <array>
#include <csignal>
#include <cstddef>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <rapidjson/document.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "http/header_values.hpp"
#include "tests/http/documented_port.hpp"
#include "tls/openssl_handles.hpp"

namespace darkroom::http {

struct RawClient::Tls {
  tls::Handle<ssl_ctx_st> context{::SSL_CTX_new(::TLS_client_method())};
  tls::Handle<ssl_st> session;
};

std::string RawResponse::field(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

std::string RawResponse::problem_code() const {
  return field("content-type") == "application/problem+json" ? member("code") : "";
}

std::string RawResponse::member(const std::string& name) const {
  rapidjson::Document document;
  document.Parse(body.c_str());
  if (!document.IsObject() || !document.HasMember(name.c_str())) return "";
  const auto& value = document[name.c_str()];
  if (value.IsString()) return value.GetString();
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  return value.IsInt() ? std::to_string(value.GetInt()) : "";
}

RawClient::RawClient(std::uint16_t port, const std::string& source, int receive_buffer)
    : port_(port), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const timeval patience{20, 0};
  ::setsockopt(socket_.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  ::setsockopt(socket_.number(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  if (receive_buffer > 0) {
    ::setsockopt(socket_.number(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  ::inet_pton(AF_INET, source.c_str(), &address.sin_addr);
  if (::bind(socket_.number(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    throw std::runtime_error{"cannot bind to " + source};
  }
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_.number(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) !=
      0) {
    throw std::runtime_error{"cannot connect"};
  }
}

RawClient::RawClient(RawClient&&) noexcept = default;
RawClient::~RawClient() = default;

tl::expected<void, std::string> RawClient::secure(const TlsChoice& choice) {
  // OpenSSL writes to sockets without a thought for a server that is gone.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  tls_ = std::make_unique<Tls>();
  SSL_CTX& context = *tls_->context;
  ::SSL_CTX_load_verify_locations(&context, choice.ca.c_str(), nullptr);
  ::SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, nullptr);
  if (choice.tls_1_2) SSL_CTX_set_max_proto_version(&context, TLS1_2_VERSION);
  ::ERR_clear_error();
  tls_->session.reset(::SSL_new(&context));
  SSL& session = *tls_->session;
  if (!choice.protocols.empty()) {
    ::SSL_set_alpn_protos(&session, reinterpret_cast<const unsigned char*>(choice.protocols.data()),
                          static_cast<unsigned int>(choice.protocols.size()));
  }
  ::SSL_set1_host(&session, choice.host.c_str());
  ::SSL_set_fd(&session, socket_.number());
  if (::SSL_connect(&session) == 1) return {};
  return tl::unexpected{tls::openssl_error()};
}

std::string RawClient::tls_version() const {
  return ::SSL_get_version(tls_->session.get());
}

std::string RawClient::chosen_protocol() const {
  const unsigned char* chosen = nullptr;
  unsigned int length = 0;
  ::SSL_get0_alpn_selected(tls_->session.get(), &chosen, &length);
  return {reinterpret_cast<const char*>(chosen), length};
}

bool RawClient::send(std::string_view bytes) {
  sent_.append(bytes);
  while (tls_ && !bytes.empty()) {
    ::ERR_clear_error();
    const int count =
        ::SSL_write(tls_->session.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return send_raw(bytes);
}

std::string RawClient::encrypted(std::string_view bytes) {
  sent_.append(bytes);
  sent_.append(bytes);
  SSL* const session = tls_->session.get();
  BIO* const wire = ::SSL_get_wbio(session);
  ::BIO_up_ref(wire);
  BIO* const memory = ::BIO_new(::BIO_s_mem());
  ::SSL_set0_wbio(session, memory);
  ::SSL_write(session, bytes.data(), static_cast<int>(bytes.size()));
  char* text = nullptr;
  const long length = BIO_get_mem_data(memory, &text);
  std::string records{text, static_cast<std::size_t>(length)};
  ::SSL_set0_wbio(session, wire);
  return records;
}

bool RawClient::send_raw(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void RawClient::end_sending() {
  ::shutdown(socket_.number(), SHUT_WR);
}

long RawClient::receive_some(char* into, std::size_t size) {
  if (!tls_) return ::recv(socket_.number(), into, size, 0);
  ::ERR_clear_error();
  const int count = ::SSL_read(tls_->session.get(), into, static_cast<int>(size));
  if (count > 0) return count;
  return ::SSL_get_error(tls_->session.get(), count) == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

bool RawClient::fill() {
  std::array<char, 65'536> piece{};
  const auto count = receive_some(piece.data(), piece.size());
  if (count <= 0) return false;
  received_.append(piece.data(), static_cast<std::size_t>(count));
  return true;
}

bool RawClient::take(std::size_t bytes) {
  std::string piece(bytes, '\0');
  const auto count = receive_some(piece.data(), piece.size());
  if (count <= 0) return false;
  received_.append(piece, 0, static_cast<std::size_t>(count));
  return true;
}

std::optional<RawResponse> RawClient::receive(bool to_head) {
  auto response = receive_any(to_head);
  // 100 comes before the answer.
  if (response && response->status >= 200) expect_documented(port_, sent_.next(), *response);
  return response;
}

std::optional<RawResponse> RawClient::receive_any(bool to_head) {
  std::size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return std::nullopt;
  }
  RawResponse response;
  const std::string head = received_.substr(0, end + 2);
  received_.erase(0, end + 4);
  response.status = std::stoi(head.substr(head.find(' ') + 1, 3));
  for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
    const std::size_t line_end = head.find("\r\n", at);
    const std::string line = head.substr(at, line_end - at);
    const std::size_t colon = line.find(':');
    std::string& value = response.fields[to_lower(line.substr(0, colon))];
    if (!value.empty()) value += " and ";  // A field given twice is not missed by a test.
    value += trimmed(std::string_view{line}.substr(colon + 1));
    at = line_end + 2;
  }
  const std::string length = response.field("content-length");
  if (to_head || length.empty()) return response;
  const std::size_t size = std::stoul(length);
  while (received_.size() < size) {
    if (!fill()) return std::nullopt;
  }
  response.body = received_.substr(0, size);
  received_.erase(0, size);
  return response;
}

std::string RawClient::receive_text(std::size_t count) {
  while (received_.size() < count && fill()) {
  }
  std::string text = received_.substr(0, count);
  received_.erase(0, count);
  return text;
}

// What waits may be no more than a ticket of TLS 1.3.
bool RawClient::has_decrypted_input() const {
  if (!received_.empty()) return true;
  const int flags = ::fcntl(socket_.number(), F_GETFL);
  ::fcntl(socket_.number(), F_SETFL, flags | O_NONBLOCK);
  ::ERR_clear_error();
  char byte = 0;
  const int count = ::SSL_peek(tls_->session.get(), &byte, 1);
  const bool there =
      count > 0 || ::SSL_get_error(tls_->session.get(), count) != SSL_ERROR_WANT_READ;
  ::fcntl(socket_.number(), F_SETFL, flags);
  return there;
}

bool RawClient::has_input() const {
  pollfd entry{socket_.number(), POLLIN, 0};
  if (tls_) return has_decrypted_input();
  return !received_.empty() || ::poll(&entry, 1, 0) > 0;
}

bool RawClient::closed() {
  std::array<char, 1> byte{};
  return received_.empty() && receive_some(byte.data(), byte.size()) == 0;
}

std::optional<RawResponse> exchange(std::uint16_t port, std::string_view request) {
  RawClient client{port};
  client.send(request);
  return client.receive(request.starts_with("HEAD "));
}

std::string request_text(std::string_view method, std::string_view target,
                         std::string_view header_lines, std::string_view body) {
  std::string text{method};
  text += " ";
  text += target;
  text += " HTTP/1.1\r\nHost: localhost\r\n";
  text += header_lines;
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  text += "\r\n";
  text += body;
  return text;
}

}  // namespace darkroom::http
