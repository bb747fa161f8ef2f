#include "outbound/mail_client.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <mutex>

#include <curl/curl.h>

namespace darkroom::outbound {
namespace {

using Handle = std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)>;
using Recipients = std::unique_ptr<curl_slist, decltype(&::curl_slist_free_all)>;

constexpr unsigned permanent_from = 500;

Handle new_handle() {
  static std::once_flag once;
  std::call_once(once, [] { ::curl_global_init(CURL_GLOBAL_DEFAULT); });
  return {::curl_easy_init(), &::curl_easy_cleanup};
}

/// curl's callback: the next piece of the message.
std::size_t give_piece(char* out, std::size_t size, std::size_t count, void* user) {
  auto& rest = *static_cast<std::string_view*>(user);
  const std::size_t length = std::min(rest.size(), size * count);
  std::copy_n(rest.data(), length, out);
  rest.remove_prefix(length);
  return length;
}

/// curl's callback: whether to end it.
int watch(void* user, curl_off_t /*to_come*/, curl_off_t /*received*/, curl_off_t /*to_go*/,
          curl_off_t /*sent*/) {
  const auto& go_on = *static_cast<const std::function<bool()>*>(user);
  return !go_on || go_on() ? 0 : 1;
}

void set_server(CURL* curl, const MailServer& server) {
  ::curl_easy_setopt(curl, CURLOPT_URL, server.url.c_str());
  ::curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  ::curl_easy_setopt(curl, CURLOPT_PROXY, "");  // None of the environment's.
  ::curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  // A lookup that hangs is left to itself, so that the timeout holds.
  ::curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
  ::curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     static_cast<long>(server.must_encrypt ? CURLUSESSL_ALL : CURLUSESSL_TRY));
  ::curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!server.must_encrypt && server.ca_file.empty()) {
    // It would go out without TLS as well. Servers that are there for their own machine often offer
    // it with a certificate that they have made up themselves.
    ::curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    ::curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!server.ca_file.empty()) {
    ::curl_easy_setopt(curl, CURLOPT_CAINFO, server.ca_file.c_str());
    ::curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
  ::curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(server.timeout.count()));
  ::curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(server.timeout.count()));
  if (server.username.empty()) return;
  ::curl_easy_setopt(curl, CURLOPT_USERNAME, server.username.c_str());
  ::curl_easy_setopt(curl, CURLOPT_PASSWORD, server.password.c_str());
}

std::string sentence_of(CURLcode code, const std::string& details) {
  switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return "There is no TLS connection to the mail server that can be trusted: " + details + ".";
    case CURLE_USE_SSL_FAILED:
      return "The mail server offers no TLS, and without it no mail goes out: " + details;
    default:
      return details;
  }
}

MailFailure failure_of(CURL* curl, CURLcode code, const char* details) {
  long status = 0;
  ::curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  MailFailure failure;
  failure.message = sentence_of(code, *details != '\0' ? details : ::curl_easy_strerror(code));
  failure.stopped = code == CURLE_ABORTED_BY_CALLBACK;
  // What the server refuses on the way; a status of before says nothing of a broken connection.
  const bool refused = code == CURLE_SEND_ERROR || code == CURLE_LOGIN_DENIED ||
                       code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_RECV_ERROR;
  if (refused && status > 0) {
    failure.status = static_cast<unsigned>(status);
    // A wrong password is the operator's to mend, and not the mail's fault.
    failure.permanent = failure.status >= permanent_from && code != CURLE_LOGIN_DENIED;
  }
  return failure;
}

}  // namespace

tl::expected<void, MailFailure> send_mail(const MailServer& server, const Mail& mail,
                                          const std::function<bool()>& go_on) {
  if (!is_mail_address(mail.to) || !is_mail_address(server.from)) {
    return tl::unexpected(
        MailFailure{.permanent = true, .message = "The address is none that mail can be sent to."});
  }
  const auto handle = new_handle();
  const Recipients to{::curl_slist_append(nullptr, ("<" + mail.to + ">").c_str()),
                      &::curl_slist_free_all};
  if (!handle || !to) return tl::unexpected(MailFailure{.message = "There is no memory for it."});
  CURL* const curl = handle.get();
  const std::string message = mail_message(mail, server.from);
  std::string_view rest = message;
  std::array<char, CURL_ERROR_SIZE> details{};
  const std::string from = "<" + server.from + ">";
  set_server(curl, server);
  ::curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
  ::curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to.get());
  ::curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  ::curl_easy_setopt(curl, CURLOPT_READFUNCTION, &give_piece);
  ::curl_easy_setopt(curl, CURLOPT_READDATA, &rest);
  ::curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &watch);
  ::curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &go_on);
  ::curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  ::curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, details.data());
  const CURLcode code = ::curl_easy_perform(curl);
  if (code == CURLE_OK) return {};
  return tl::unexpected(failure_of(curl, code, details.data()));
}

}  // namespace darkroom::outbound
