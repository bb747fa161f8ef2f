#include "tools/accept_load.hpp"

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "jobs/random.hpp"
#include "tools/raw_connection.hpp"

namespace darkroom::tools {
namespace {

using Clock = std::chrono::steady_clock;

class Load {
 public:
  Load(const AcceptLoadOptions& options, const SizedPhoto& photo)
      : options_(options),
        photo_(photo),
        header_(upload_header(options.port, photo.size())),
        // Below what 20 digits hold, however many are counted on from it.
        next_(jobs::random_u64() >> 1U),
        from_(Clock::now() + options.warm_up),
        until_(from_ + options.time) {}

  [[nodiscard]] AcceptLoadResult run() {
    {
      std::vector<std::jthread> clients;
      for (std::uint32_t i = 0; i < options_.connections; ++i)
        clients.emplace_back([this] { upload_all(); });
    }
    result_.answer = answers_.summary();
    result_.per_second = static_cast<double>(result_.answer.count) /
                         std::chrono::duration<double>(options_.time).count();
    return std::move(result_);
  }

 private:
  struct Answered {
    Clock::time_point begun;
    Clock::time_point ended;
  };

  void upload_all() {
    std::vector<Answered> answered;
    std::optional<RawConnection> connection;
    while (Clock::now() < until_) {
      if (const auto uploaded = upload(connection, answered); !uploaded) {
        note(uploaded.error());
        connection.reset();
        // What refuses at once must not be asked as fast as that.
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
      }
    }
    const std::scoped_lock lock{mutex_};
    for (const auto& [begun, ended] : answered) {
      if (ended >= from_ && ended < until_) answers_.add(ended - begun);
    }
  }

  [[nodiscard]] tl::expected<void, std::string> upload(std::optional<RawConnection>& connection,
                                                       std::vector<Answered>& answered) {
    if (!connection) {
      auto opened = RawConnection::open(options_.port);
      if (!opened) return tl::unexpected(opened.error());
      connection = std::move(*opened);
    }
    const auto start = photo_.start(next_++);
    const std::array pieces{std::as_bytes(std::span{header_}), std::as_bytes(std::span{start}),
                            photo_.rest()};
    const auto begun = Clock::now();
    const auto status = connection->exchange(pieces);
    if (!status) return tl::unexpected(status.error());
    constexpr int created = 201;
    if (*status != created) {
      return tl::unexpected("an upload was answered " + std::to_string(*status));
    }
    answered.push_back({begun, Clock::now()});
    return {};
  }

  void note(const std::string& error) {
    const std::scoped_lock lock{mutex_};
    if (result_.error_count++ == 0) result_.error = error;
  }

  const AcceptLoadOptions& options_;
  const SizedPhoto& photo_;
  std::string header_;
  std::atomic<std::uint64_t> next_;
  Clock::time_point from_;
  Clock::time_point until_;

  std::mutex mutex_;  ///< Guards what follows.
  Latencies answers_;
  AcceptLoadResult result_;
};

}  // namespace

std::string upload_header(std::uint16_t port, std::size_t bytes) {
  return "POST /v1/jobs HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
         "\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n";
}

AcceptLoadResult run_accept_load(const AcceptLoadOptions& options, const SizedPhoto& photo) {
  return Load{options, photo}.run();
}

}  // namespace darkroom::tools
