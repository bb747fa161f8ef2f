#include "nodes/service.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include <caf/actor_system.hpp>
#include <spdlog/spdlog.h>

#include "actors/ingest_client.hpp"
#include "actors/supervisor.hpp"
#include "http/api_routes.hpp"
#include "http/file_urls.hpp"
#include "http/key_ring.hpp"
#include "http/operator_routes.hpp"
#include "http/server.hpp"
#include "nodes/allocator.hpp"
#include "nodes/api_services.hpp"
#include "nodes/cluster_port.hpp"
#include "nodes/command_line.hpp"
#include "nodes/control_server.hpp"
#include "nodes/coordinator.hpp"
#include "nodes/delivery_transport.hpp"
#include "nodes/dialect_warnings.hpp"
#include "nodes/logging.hpp"
#include "nodes/node_system.hpp"
#include "nodes/open_files.hpp"
#include "nodes/service_url.hpp"
#include "nodes/shutdown_watchdog.hpp"
#include "nodes/signals.hpp"
#include "nodes/stop_actor.hpp"
#include "nodes/stop_request.hpp"
#include "nodes/stop_times.hpp"
#include "nodes/storage_reader.hpp"
#include "nodes/version.hpp"
#include "nodes/worker_memory.hpp"
#include "persistence/blob_census.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/client_url.hpp"
#include "persistence/data_folder.hpp"
#include "persistence/job_store.hpp"
#include "persistence/lost_job_store.hpp"
#include "persistence/signing_key.hpp"
#include "persistence/store_restore.hpp"

namespace darkroom::nodes {
namespace {

tl::expected<Coordinator::Stores, std::string> open_stores(const Config& config) {
  const auto& storage = config.storage_path;
  if (auto whole = persistence::check_restored(storage); !whole) {
    return tl::unexpected(whole.error().message);
  }
  if (auto there = persistence::check_job_store_is_there(storage); !there) {
    return tl::unexpected(there.error().message);
  }
  auto blobs = persistence::open_file_blob_store(storage, config.storage_reserve);
  if (!blobs) return tl::unexpected(blobs.error().message);
  auto jobs =
      persistence::open_rocks_job_store(storage / persistence::data_folder::jobs, config.store,
                                        [](const std::string& text) { spdlog::info("{}", text); });
  if (!jobs) return tl::unexpected(jobs.error().message);
  // A restore may have begun since; from here on the store is not empty, so none begins.
  if (auto whole = persistence::check_restored(storage); !whole) {
    return tl::unexpected(whole.error().message);
  }
  return Coordinator::Stores{std::move(*jobs), std::move(*blobs)};
}

/// The same with the port at which nodes join, which a coordinator always has.
Config cluster_config(Config config, ServiceKind kind) {
  if (kind == ServiceKind::coordinator && config.node.join == 0) {
    config.node.join = default_join_port;
  }
  return config;
}

std::unique_ptr<http::RouteSet> make_routes(const Config& config, ServiceKind kind,
                                            actors::JobService& jobs, persistence::BlobStore& blobs,
                                            const persistence::ClientUrlKey& client_urls,
                                            http::StorageReader read_storage) {
  if (kind == ServiceKind::coordinator) {
    return http::make_operator_routes(jobs, blobs, version(), std::move(read_storage));
  }
  return http::make_api_routes(
      config.http, api_services(config, jobs, blobs, client_urls, std::move(read_storage)));
}

/// Everything between start and stop. Returns the exit code; by then all that was made is gone.
int serve_until_stopped(const Config& config, ServiceKind kind, StopRequest& stop,
                        std::optional<ShutdownWatchdog>& watchdog) {
  if (const auto allowed = allow_open_files(open_files_needed(cluster_config(config, kind)));
      !allowed) {
    spdlog::error("cannot start: {}", allowed.error());
    return 1;
  }
  auto certificate = http::ServerCertificate::load(config.http);
  if (!certificate) {
    spdlog::error("cannot start: {}", certificate.error());
    return 1;
  }
  const bool secured = *certificate != nullptr;
  // Before the stores, so that a start that fails for its port leaves no folder behind.
  auto listener = http::Listener::open(config.http.host, config.http.port);
  if (!listener) {
    spdlog::error("cannot start: {}", listener.error());
    return 1;
  }
  auto stores = open_stores(config);
  if (!stores) {
    spdlog::error("cannot start: {}", stores.error());
    return 1;
  }
  const auto signing_key = persistence::load_signing_key(config.storage_path);
  if (!signing_key) {
    spdlog::error("cannot start: {}", signing_key.error().message);
    return 1;
  }
  const auto client_url_key = persistence::ClientUrls::key_from(*signing_key);
  const persistence::ClientUrlKey client_urls{client_url_key};

  std::unique_ptr<ClusterPort> cluster_port;
  if (const auto open = cluster_config(config, kind); open.node.join != 0) {
    auto opened = ClusterPort::open(open, *stores->blobs);
    if (!opened) {
      spdlog::error("cannot start: {}", opened.error());
      return 1;
    }
    cluster_port = std::move(*opened);
  }

  NodeSystemConfig system_config;
  caf::actor_system system{system_config};
  const auto supervision = std::make_shared<actors::SupervisionRecord>(config.supervisor.calm);
  actors::IngestClient client{system, config.backend_timeout, supervision};
  http::KeyRing ring{client};
  const http::FileUrls urls{config.http, &client_urls, jobs::system_now, ring};
  const auto transport = make_delivery_transport(config, [&ring, &urls] {
    // Whether addresses are signed depends on whether there are keys; nobody else asks for them
    // here.
    (void)ring.keys();
    return urls.view();
  });
  if (!transport) {
    spdlog::error("cannot start: {}", transport.error());
    return 1;
  }
  const auto census = std::make_shared<persistence::BlobCensus>();
  const auto workers = kind == ServiceKind::coordinator ? 0 : worker_count(config);
  Coordinator coordinator{config,
                          *stores,
                          client,
                          {.workers = workers,
                           .signer = cluster_port ? cluster_port->signer() : nullptr,
                           .client_url_key = client_url_key,
                           .census = census,
                           .published =
                               [&cluster_port](std::uint16_t port) {
                                 if (cluster_port) cluster_port->lead_to_registry(port);
                               },
                           .transport = *transport}};

  const auto server = http::Server::start(std::move(*listener), config.http,
                                          make_routes(config, kind, client, *stores->blobs,
                                                      client_urls, storage_reader(config, census)),
                                          std::move(*certificate));

  std::optional<ControlServer> control{std::in_place, config, stores->jobs, client};

  const auto escalate = [&stop](const std::string& text) { stop.ask({1, text}); };
  const auto supervisor =
      // On a thread of its own: opening the node port and starting processes blocks.
      system.spawn<caf::detached>(actors::supervisor,
                                  actors::SupervisorOptions{.name = "coordinator",
                                                            .policy = config.supervisor,
                                                            .record = supervision,
                                                            .escalate = escalate},
                                  coordinator.children());
  supervisor->attach_functor([&stop] { stop.ask({1, "the supervisor ended"}); });
  if (kind == ServiceKind::all_in_one) {
    for (const auto& warning : dialect_warnings(config))
      spdlog::warn("{}", warning);
  }
  spdlog::info("listening on {}", service_url(config.http.host, server->port(), secured));

  const auto reason = stop.wait();
  spdlog::info("stopping: {}", reason.text);
  watchdog.emplace(config.shutdown_timeout, 1);
  server->stop(stop_times::http_grace);
  if (*transport) (*transport)->stop();
  (void)stop_actor(system, caf::actor_cast<caf::strong_actor_ptr>(supervisor),
                   config.shutdown_timeout);
  // Last: a request to run the janitor is answered when the janitor ends.
  control.reset();
  client.use(actors::IngestActor{});
  coordinator.forget();
  return reason.exit_code;
}

}  // namespace

int run_service(const Config& config, ServiceKind kind) {
  if (kind == ServiceKind::all_in_one) offer_huge_pages_to_workers();
  configure_logging(config.log_level, config.log_format, "coordinator");
  StopRequest stop;
  const SignalThread signals{stop};
  std::optional<ShutdownWatchdog> watchdog;
  spdlog::info("darkroom {} starting data={}", version(),
               std::filesystem::absolute(config.storage_path).lexically_normal().string());
  const int exit_code =
      serve_until_stopped(fit_connections(cluster_config(config, kind)), kind, stop, watchdog);
  spdlog::info("stopped");
  return exit_code;
}

}  // namespace darkroom::nodes
