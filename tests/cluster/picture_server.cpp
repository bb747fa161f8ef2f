#include "tests/cluster/picture_server.hpp"

#include <utility>

#include <httplib.h>

namespace darkroom::cluster {

PictureServer::PictureServer(std::string picture)
    : picture_(std::move(picture)), server_(std::make_unique<httplib::Server>()) {
  server_->Get("/photo.jpg", [this](const httplib::Request&, httplib::Response& response) {
    ++requests_;
    wait_at_gate();
    response.set_content(picture_, "image/jpeg");
  });
  server_->Get("/away", [this](const httplib::Request&, httplib::Response& response) {
    const std::scoped_lock lock{mutex_};
    response.set_redirect(target_);
  });
  port_ = server_->bind_to_any_port("127.0.0.1");
  thread_ = std::jthread{[this] { server_->listen_after_bind(); }};
  while (!server_->is_running())
    std::this_thread::yield();
}

PictureServer::~PictureServer() {
  let_go();
  server_->stop();
}

std::string PictureServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void PictureServer::redirect_to(const std::string& url) {
  const std::scoped_lock lock{mutex_};
  target_ = url;
}

void PictureServer::hold() {
  const std::scoped_lock lock{mutex_};
  closed_ = true;
}

void PictureServer::let_go() {
  const std::scoped_lock lock{mutex_};
  closed_ = false;
  opened_.notify_all();
}

void PictureServer::wait_at_gate() {
  std::unique_lock lock{mutex_};
  opened_.wait(lock, [this] { return !closed_; });
}

}  // namespace darkroom::cluster
