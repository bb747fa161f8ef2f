#include "tests/cluster/webhook_receiver.hpp"

#include <stdexcept>
#include <utility>

#include <httplib.h>

namespace darkroom::cluster {

WebhookReceiver::WebhookReceiver(int port, std::function<int(const ReceivedWebhook&)> answer)
    : answer_(std::move(answer)), server_(std::make_unique<httplib::Server>()) {
  server_->Post("/hook", [this](const httplib::Request& request, httplib::Response& response) {
    const ReceivedWebhook webhook{.id = request.get_header_value("webhook-id"),
                                  .timestamp = request.get_header_value("webhook-timestamp"),
                                  .signature = request.get_header_value("webhook-signature"),
                                  .content_type = request.get_header_value("Content-Type"),
                                  .body = request.body};
    {
      const std::scoped_lock lock{mutex_};
      received_.push_back(webhook);
    }
    response.status = answer_(webhook);
  });
  if (!server_->bind_to_port("127.0.0.1", port)) throw std::runtime_error{"cannot listen"};
  thread_ = std::thread{[this] { server_->listen_after_bind(); }};
  while (!server_->is_running())
    std::this_thread::yield();
}

WebhookReceiver::~WebhookReceiver() {
  server_->stop();
  thread_.join();
}

std::vector<ReceivedWebhook> WebhookReceiver::received() const {
  const std::scoped_lock lock{mutex_};
  return received_;
}

}  // namespace darkroom::cluster
