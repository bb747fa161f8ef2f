#include "nodes/serve.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>
#include <utility>

#include <caf/actor_system.hpp>
#include <spdlog/spdlog.h>

#include "actors/ingest_client.hpp"
#include "actors/supervisor.hpp"
#include "http/server.hpp"
#include "nodes/coordinator.hpp"
#include "nodes/logging.hpp"
#include "nodes/node_system.hpp"
#include "nodes/signals.hpp"
#include "nodes/stop_request.hpp"
#include "nodes/version.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::nodes {
namespace {

/// Requests under way get this share of the shutdown; the rest is the workers'.
constexpr std::chrono::milliseconds http_grace{1'000};

tl::expected<Coordinator::Stores, std::string> open_stores(const Config& config) {
  auto blobs = persistence::open_file_blob_store(config.storage_path);
  if (!blobs) return tl::unexpected(blobs.error().message);
  auto jobs = persistence::open_rocks_job_store(config.storage_path / "jobs", config.store);
  if (!jobs) return tl::unexpected(jobs.error().message);
  return Coordinator::Stores{std::move(*jobs), std::move(*blobs)};
}

/// Ends the process if stopping in order takes too long: nothing that was acknowledged is at stake,
/// and the kernel takes the worker processes down with us.
class ShutdownWatchdog {
 public:
  explicit ShutdownWatchdog(std::chrono::milliseconds timeout)
      : thread_([this, timeout] { watch(timeout); }) {}
  ShutdownWatchdog(const ShutdownWatchdog&) = delete;
  ShutdownWatchdog& operator=(const ShutdownWatchdog&) = delete;
  ~ShutdownWatchdog() {
    done_.ask({});
    thread_.join();
  }

 private:
  void watch(std::chrono::milliseconds timeout) {
    if (done_.wait_for(timeout)) return;
    spdlog::error("not stopped after {} ms, ending at once", timeout.count());
    spdlog::shutdown();
    std::_Exit(1);
  }

  StopRequest done_;
  std::thread thread_;
};

}  // namespace

int run_serve(const ServeCommand& command) {
  const auto& config = command.config;
  configure_logging(config.log_level, config.log_format, "coordinator");
  StopRequest stop;
  const SignalThread signals{stop};
  spdlog::info("darkroom {} starting data={}", version(),
               std::filesystem::absolute(config.storage_path).lexically_normal().string());

  auto stores = open_stores(config);
  if (!stores) {
    spdlog::error("cannot start: {}", stores.error());
    return 1;
  }

  NodeSystemConfig system_config;
  caf::actor_system system{system_config};
  actors::IngestClient client{system, config.backend_timeout};
  Coordinator coordinator{config, *stores, client};

  auto server = http::Server::start(
      config.http, {.jobs = client, .blobs = *stores->blobs, .limits = config.limits});
  if (!server) {
    spdlog::error("cannot start: {}", server.error());
    return 1;
  }

  const auto supervisor = caf::actor_cast<caf::strong_actor_ptr>(
      system.spawn(actors::supervisor,
                   actors::SupervisorOptions{.name = "coordinator",
                                             .policy = config.supervisor,
                                             .escalate =
                                                 [&stop](const std::string& text) {
                                                   stop.ask({1, text});
                                                 }},
                   coordinator.children()));
  spdlog::info("listening on http://{}:{}", config.http.host, (*server)->port());

  const auto reason = stop.wait();
  spdlog::info("stopping: {}", reason.text);
  const ShutdownWatchdog watchdog{config.shutdown_timeout};
  (*server)->stop(http_grace);
  const bool stopped = stop_actor(system, supervisor, config.shutdown_timeout);
  client.use(actors::IngestActor{});
  coordinator.forget();
  spdlog::info("stopped");
  return stopped ? reason.exit_code : 1;
}

}  // namespace darkroom::nodes
