#include "tests/http/raw_client.hpp"

#include <array>
#include <cstddef>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <rapidjson/document.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "http/header_values.hpp"
#include "tests/http/documented_port.hpp"

namespace darkroom::http {

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

bool RawClient::send(std::string_view bytes) {
  sent_.append(bytes);
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

bool RawClient::fill() {
  std::array<char, 65'536> piece{};
  const ssize_t count = ::recv(socket_.number(), piece.data(), piece.size(), 0);
  if (count <= 0) return false;
  received_.append(piece.data(), static_cast<std::size_t>(count));
  return true;
}

bool RawClient::take(std::size_t bytes) {
  std::string piece(bytes, '\0');
  const ssize_t count = ::recv(socket_.number(), piece.data(), piece.size(), 0);
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

bool RawClient::has_input() const {
  pollfd entry{socket_.number(), POLLIN, 0};
  return !received_.empty() || ::poll(&entry, 1, 0) > 0;
}

bool RawClient::closed() {
  std::array<char, 1> byte{};
  return received_.empty() && ::recv(socket_.number(), byte.data(), byte.size(), 0) == 0;
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
