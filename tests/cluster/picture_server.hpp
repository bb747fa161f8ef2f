#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace httplib {
class Server;
}

namespace darkroom::cluster {

/// Somebody else's web server on a free port of 127.0.0.1, with one picture at /photo.jpg and a
/// redirect at /away. It can be told to keep those waiting that ask for the picture.
class PictureServer {
 public:
  explicit PictureServer(std::string picture);
  PictureServer(const PictureServer&) = delete;
  PictureServer& operator=(const PictureServer&) = delete;
  PictureServer(PictureServer&&) = delete;
  PictureServer& operator=(PictureServer&&) = delete;
  ~PictureServer();

  [[nodiscard]] std::string url(const std::string& path = "/photo.jpg") const;
  /// How often the picture was asked for.
  [[nodiscard]] std::size_t requests() const { return requests_; }

  void redirect_to(const std::string& url);
  void hold();
  void let_go();

 private:
  void wait_at_gate();

  std::string picture_;
  std::string target_;
  std::atomic<std::size_t> requests_{0};
  std::mutex mutex_;
  std::condition_variable opened_;
  bool closed_ = false;
  std::unique_ptr<httplib::Server> server_;
  int port_ = 0;
  std::jthread thread_;
};

}  // namespace darkroom::cluster
