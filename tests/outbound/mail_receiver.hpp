#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "persistence/file_descriptor.hpp"

struct ssl_ctx_st;

namespace darkroom::tests {

/// A server of SMTP on a free port of this machine, which takes mails or refuses them, one
/// connection after the other.
class MailReceiver {
 public:
  struct Tls {
    std::filesystem::path certificate;
    std::filesystem::path key;
    bool at_once = false;  ///< As smtps:// has it; else after STARTTLS.
  };

  /// `answers` are given in the place of "250 ok" to a command that begins so: {"RCPT", "550 no"}.
  /// An empty answer closes the connection.
  explicit MailReceiver(std::vector<std::pair<std::string, std::string>> answers = {},
                        const std::optional<Tls>& tls = std::nullopt);
  MailReceiver(const MailReceiver&) = delete;
  MailReceiver& operator=(const MailReceiver&) = delete;
  MailReceiver(MailReceiver&&) = delete;
  MailReceiver& operator=(MailReceiver&&) = delete;
  ~MailReceiver();

  [[nodiscard]] std::uint16_t port() const { return port_; }

  struct Received {
    std::string from;  ///< The argument of MAIL.
    std::string to;    ///< That of RCPT.
    std::string data;  ///< As it came, without the dot at its end.
    bool encrypted = false;
  };
  [[nodiscard]] std::vector<Received> mails() const;

 private:
  class Session;
  struct FreeContext {
    void operator()(ssl_ctx_st* context) const;
  };
  void serve(const std::stop_token& stop);

  std::vector<std::pair<std::string, std::string>> answers_;
  std::unique_ptr<ssl_ctx_st, FreeContext> context_;  ///< None: without TLS.
  bool tls_at_once_ = false;
  persistence::FileDescriptor listener_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<Received> mails_;
  std::jthread thread_;
};

}  // namespace darkroom::tests
