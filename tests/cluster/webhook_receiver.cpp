#include "tests/cluster/webhook_receiver.hpp"

#include <stdexcept>
#include <utility>

#include <httplib.h>

namespace darkroom::cluster {

namespace {

std::unique_ptr<httplib::Server> make_server(const std::optional<ReceiverTls>& tls) {
  if (!tls) return std::make_unique<httplib::Server>();
  return std::make_unique<httplib::SSLServer>(tls->certificate.c_str(), tls->key.c_str());
}

}  // namespace

WebhookReceiver::WebhookReceiver(int port, std::function<int(const ReceivedWebhook&)> answer,
                                 const std::optional<ReceiverTls>& tls)
    : answer_(std::move(answer)), server_(make_server(tls)) {
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
