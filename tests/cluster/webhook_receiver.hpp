#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace httplib {
class Server;
}

namespace darkroom::cluster {

/// A webhook as it came.
struct ReceivedWebhook {
  std::string id;
  std::string timestamp;
  std::string signature;
  std::string content_type;
  std::string body;
};

/// What a receiver speaks TLS with.
struct ReceiverTls {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

/// An HTTP server that takes webhooks at /hook, on a port of loopback.
class WebhookReceiver {
 public:
  /// `answer` says the status that each gets. Throws std::runtime_error where the port is taken.
  explicit WebhookReceiver(
      int port, std::function<int(const ReceivedWebhook&)> answer = [](const auto&) { return 200; },
      const std::optional<ReceiverTls>& tls = std::nullopt);
  WebhookReceiver(const WebhookReceiver&) = delete;
  WebhookReceiver& operator=(const WebhookReceiver&) = delete;
  ~WebhookReceiver();

  [[nodiscard]] std::vector<ReceivedWebhook> received() const;

 private:
  std::function<int(const ReceivedWebhook&)> answer_;
  mutable std::mutex mutex_;
  std::vector<ReceivedWebhook> received_;  ///< Guarded by mutex_.
  std::unique_ptr<httplib::Server> server_;
  std::thread thread_;
};

}  // namespace darkroom::cluster
