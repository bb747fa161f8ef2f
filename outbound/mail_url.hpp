#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace darkroom::outbound {

/// Where mail is handed over.
struct MailUrl {
  std::string host;              ///< "mail.example", "192.0.2.1", "[2001:db8::1]"
  bool on_this_machine = false;  ///< What goes there passes no network.
};

/// Reads "smtp://host:port" or "smtps://host:port", without user and password. The error is what is
/// wrong with it, as the end of a sentence that begins with what it is: "has no host".
[[nodiscard]] tl::expected<MailUrl, std::string> check_mail_url(std::string_view text);

}  // namespace darkroom::outbound
