#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "persistence/file_descriptor.hpp"
#include "tests/http/sent_requests.hpp"

namespace darkroom::http {

/// An answer as it came.
struct RawResponse {
  int status = 0;
  std::map<std::string, std::string> fields;  ///< Names in lower case.
  std::string body;

  [[nodiscard]] std::string field(const std::string& name) const;
  /// The member `code` of a problem; empty where the body is no problem.
  [[nodiscard]] std::string problem_code() const;
  /// The member `name` of a JSON object, as text.
  [[nodiscard]] std::string member(const std::string& name) const;
};

/// A TCP connection that sends what it is told, well-formed or not. Every wait ends after 20 s.
/// What it receives from a DocumentedPort is compared with the description of the API.
class RawClient {
 public:
  /// `source`: the address that the server sees, any of 127.0.0.0/8. `receive_buffer`: what the
  /// system takes of an answer before it is received; 0 for as much as it likes.
  explicit RawClient(std::uint16_t port, const std::string& source = "127.0.0.1",
                     int receive_buffer = 0);
  RawClient(RawClient&&) noexcept;
  RawClient& operator=(RawClient&&) = delete;
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient();

  /// How the client shakes hands.
  struct TlsChoice {
    std::string ca;                  ///< PEM file of whom it trusts.
    std::string host = "localhost";  ///< That the certificate must be for.
    bool tls_1_2 = false;            ///< Nothing newer.
    std::string protocols = {};      ///< It offers (ALPN), each behind its length.
  };

  /// From here on by TLS. The error is why there was no handshake, in OpenSSL's words.
  [[nodiscard]] tl::expected<void, std::string> secure(const TlsChoice& choice);

  /// "TLSv1.3", and the protocol that the server chose of those offered.
  [[nodiscard]] std::string tls_version() const;
  [[nodiscard]] std::string chosen_protocol() const;

  /// False where the server no longer takes bytes.
  bool send(std::string_view bytes);
  void end_sending();

  /// With TLS: the records of these bytes, for send_raw() to send in whatever pieces.
  [[nodiscard]] std::string encrypted(std::string_view bytes);
  bool send_raw(std::string_view bytes);

  /// The next answer, or nullopt where the connection ends before one is whole. `to_head`: it
  /// answers a HEAD request, so it has no body whatever its length says.
  [[nodiscard]] std::optional<RawResponse> receive(bool to_head = false);

  /// The next `count` bytes; fewer where the connection ends before.
  [[nodiscard]] std::string receive_text(std::size_t count);

  /// Receives at most so many further bytes; false where the connection has ended.
  bool take(std::size_t bytes);

  /// True where bytes of the server, or its end, wait to be read.
  [[nodiscard]] bool has_input() const;

  /// Waits for the server to close; false where it sends something instead or keeps silent, or with
  /// TLS closes without having said so.
  [[nodiscard]] bool closed();

 private:
  struct Tls;

  [[nodiscard]] bool fill();
  [[nodiscard]] bool has_decrypted_input() const;
  [[nodiscard]] long receive_some(char* into, std::size_t size);
  /// The next answer, without a look at what it is of.
  [[nodiscard]] std::optional<RawResponse> receive_any(bool to_head);

  std::uint16_t port_;
  persistence::FileDescriptor socket_;
  std::unique_ptr<Tls> tls_;  ///< Null: without.
  SentRequests sent_;
  std::string received_;
};

/// One request on a connection of its own.
[[nodiscard]] std::optional<RawResponse> exchange(std::uint16_t port, std::string_view request);

/// "GET /path HTTP/1.1" with a Host and further header lines, each ended by CRLF.
[[nodiscard]] std::string request_text(std::string_view method, std::string_view target,
                                       std::string_view header_lines = "",
                                       std::string_view body = "");

}  // namespace darkroom::http
