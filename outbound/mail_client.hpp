#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "jobs/timestamp.hpp"

namespace darkroom::outbound {

/// The server that takes mail to be sent on (RFC 6409).
struct MailServer {
  std::string url;  ///< "smtp://host:port", which is upgraded by STARTTLS, or "smtps://host:port".
  /// No mail goes out without TLS. Else it does where there is none, and where nobody knows whose
  /// certificate it is, unless `ca_file` says whose it must be.
  bool must_encrypt = true;
  std::string username = {};  ///< Empty: no authentication.
  std::string password = {};
  std::string from = {};  ///< "darkroom@example.com"
  std::chrono::milliseconds timeout{20'000};
  /// Certificates of the authorities that it is believed by; empty for the system's.
  std::string ca_file = {};
};

/// A mail of text.
struct Mail {
  std::string id;  ///< The part of its Message-ID before the "@"; the same when it is sent again.
  std::string to;
  std::string subject;  ///< UTF-8, one line.
  std::string text;     ///< UTF-8, lines ended by "\n".
  jobs::Timestamp date = {};
};

struct MailFailure {
  bool permanent = false;  ///< The server wants this mail never (5xx).
  bool stopped = false;    ///< `go_on` said no.
  unsigned status = 0;     ///< Of SMTP; 0 where no answer came.
  std::string message;     ///< For the operator; without the password.
};

/// True for one address of mail that can stand in a header and in SMTP as it is: "name@host", of
/// visible ASCII, at most 254 bytes (RFC 5321, section 4.5.3.1.3). Quoted names are not taken.
[[nodiscard]] bool is_mail_address(std::string_view text);

/// The mail as it goes over the wire: RFC 5322 and MIME, the text in base64, lines ended by CRLF.
[[nodiscard]] std::string mail_message(const Mail& mail, std::string_view from);

/// Hands the mail over to the server. Blocks up to its timeout, or until `go_on` says no, which is
/// asked at least once a second; empty: it is not asked. Thread-safe.
[[nodiscard]] tl::expected<void, MailFailure> send_mail(const MailServer& server, const Mail& mail,
                                                        const std::function<bool()>& go_on = {});

}  // namespace darkroom::outbound
