#include "nodes/ingest_node.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include "actors/ingest.hpp"
#include "actors/ingest_client.hpp"
#include "actors/registry_link.hpp"
#include "actors/supervisor.hpp"
#include "http/api_routes.hpp"
#include "http/listener.hpp"
#include "http/server.hpp"
#include "jobs/random.hpp"
#include "nodes/api_services.hpp"
#include "nodes/dialect_warnings.hpp"
#include "nodes/logging.hpp"
#include "nodes/node_connector.hpp"
#include "nodes/node_name.hpp"
#include "nodes/node_system.hpp"
#include "nodes/open_files.hpp"
#include "nodes/service_url.hpp"
#include "nodes/shutdown_watchdog.hpp"
#include "nodes/signals.hpp"
#include "nodes/stop_actor.hpp"
#include "nodes/stop_request.hpp"
#include "nodes/stop_times.hpp"
#include "nodes/storage_reader.hpp"
#include "nodes/temporary_sweeper.hpp"
#include "nodes/upload_readers.hpp"
#include "nodes/version.hpp"
#include "persistence/client_url.hpp"
#include "persistence/data_folder.hpp"
#include "persistence/hex.hpp"
#include "persistence/remote_blob_store.hpp"

namespace darkroom::nodes {
namespace {

/// The actors of an ingest node. Used by the supervisor alone, one call at a time.
class IngestNode {
 public:
  IngestNode(const IngestCommand& command, jobs::WorkerId id, const NodeConnector& connector,
             actors::IngestClient& client, persistence::ClientUrlKey& client_urls)
      : config_(command.config),
        id_(std::move(id)),
        connector_(connector),
        client_(client),
        client_urls_(client_urls) {}

  std::vector<actors::ChildSpec> children() {
    std::vector<actors::ChildSpec> children;
    children.push_back(
        {.name = "registry-link", .start = [this](caf::actor_system& s) { return start_link(s); }});
    children.push_back({.name = "ingest",
                        .start = [this](caf::actor_system& s) { return start_ingest(s); },
                        .stage = 1});
    return children;
  }

  void forget() {
    link_ = nullptr;
    ingest_ = nullptr;
  }

 private:
  caf::strong_actor_ptr start_link(caf::actor_system& system) {
    actors::RegistryLinkConfig config;
    config.hello.node = id_;
    config.hello.role = actors::NodeRole::ingest;
    config.hello.version = version();
    config.connect = connector_.link();
    config.timeout = config_.backend_timeout;
    config.enlisted = [this](const actors::NodeWelcome& welcome) { take_key(welcome); };
    link_ = system.spawn(actors::registry_link, std::move(config));
    if (ingest_) caf::anon_send(ingest_, atom::registry_v, actors::ClientRegistryActor{link_});
    return caf::actor_cast<caf::strong_actor_ptr>(link_);
  }

  caf::strong_actor_ptr start_ingest(caf::actor_system& system) {
    ingest_ = system.spawn(
        actors::ingest, config_.presets, config_.registry.ttl, jobs::WallClock{jobs::system_now},
        actors::MemoryLimit{&chosen_backend(config_), config_.limits.max_memory});
    caf::anon_send(ingest_, atom::registry_v, actors::ClientRegistryActor{link_});
    client_.use(ingest_);
    return caf::actor_cast<caf::strong_actor_ptr>(ingest_);
  }

  void take_key(const actors::NodeWelcome& welcome) {
    if (const auto key = persistence::parse_hex_sha256(welcome.client_url_key)) {
      return client_urls_.set(*key);
    }
    spdlog::error("the coordinator gave no key to sign the addresses of files by");
  }

  const Config& config_;
  jobs::WorkerId id_;
  const NodeConnector& connector_;
  actors::IngestClient& client_;
  persistence::ClientUrlKey& client_urls_;
  actors::RegistryLinkActor link_;
  actors::IngestActor ingest_;
};

tl::expected<std::string, persistence::StoreError> signed_url(actors::IngestClient& client,
                                                              persistence::BlobMethod method,
                                                              std::string_view key,
                                                              std::uint64_t limit) {
  auto url = client.sign({.method = method, .key = std::string{key}, .limit = limit});
  if (url) return std::move(*url);
  const bool bad = url.error().code == actors::ServiceErrorCode::bad_request;
  return tl::unexpected(persistence::StoreError{
      bad ? persistence::StoreErrorCode::bad_key : persistence::StoreErrorCode::unwritable,
      std::move(url.error().message)});
}

tl::expected<std::unique_ptr<persistence::BlobStore>, std::string> open_blobs(
    const Config& config, actors::IngestClient& client, std::uint16_t port) {
  auto blobs = persistence::open_remote_blob_store(
      {.urls = [&client](persistence::BlobMethod method, std::string_view key,
                         std::uint64_t limit) { return signed_url(client, method, key, limit); },
       .port = port,
       .folder = config.storage_path,
       .reserve_bytes = config.storage_reserve,
       .transfer = config.transfer});
  if (!blobs) return tl::unexpected(blobs.error().message);
  return std::move(*blobs);
}

int serve_until_stopped(const IngestCommand& command, const jobs::WorkerId& id, StopRequest& stop,
                        std::optional<ShutdownWatchdog>& watchdog) {
  const Config config = fit_connections(command.config);
  const auto refuse = [](const std::string& why) {
    spdlog::error("cannot start: {}", why);
    return 1;
  };
  if (const auto allowed = allow_open_files(open_files_needed(config)); !allowed) {
    return refuse(allowed.error());
  }
  auto certificate = http::ServerCertificate::load(config.http);
  if (!certificate) return refuse(certificate.error());
  const bool secured = *certificate != nullptr;
  auto listener = http::Listener::open(config.http.host, config.http.port);
  if (!listener) return refuse(listener.error());
  const auto connector = NodeConnector::open(config, command.join, id.name);
  if (!connector) return refuse(connector.error());
  persistence::ClientUrlKey client_urls;
  NodeSystemConfig system_config;
  caf::actor_system system{system_config};
  const auto supervision = std::make_shared<actors::SupervisionRecord>(config.supervisor.calm);
  actors::IngestClient client{system, config.backend_timeout, supervision};
  auto blobs = open_blobs(config, client, (*connector)->data_port());
  if (!blobs) return refuse(blobs.error());
  // Of uploads that an earlier process died with, or this one; nobody else sweeps here.
  const TemporarySweeper sweeper{**blobs, config.janitor.interval, config.janitor.orphan_age};
  IngestNode node{command, id, **connector, client, client_urls};
  auto services =
      api_services(config, client, **blobs, client_urls, storage_reader(config, nullptr));
  // The coordinator signs, and refuses where it cannot.
  services.read_callback_url = callback_reader();
  const auto server = http::Server::start(std::move(*listener), config.http, std::move(services),
                                          std::move(*certificate));
  const auto escalate = [&stop](const std::string& text) { stop.ask({1, text}); };
  const auto supervisor = system.spawn(actors::supervisor,
                                       actors::SupervisorOptions{.name = id.name,
                                                                 .policy = config.supervisor,
                                                                 .record = supervision,
                                                                 .escalate = escalate},
                                       node.children());
  supervisor->attach_functor([&stop] { stop.ask({1, "the supervisor ended"}); });
  for (const auto& warning : dialect_warnings(config))
    spdlog::warn("{}", warning);
  spdlog::info("listening on {}", service_url(config.http.host, server->port(), secured));

  const auto reason = stop.wait();
  spdlog::info("stopping: {}", reason.text);
  watchdog.emplace(config.shutdown_timeout, 1);
  server->stop(stop_times::http_grace);
  (void)stop_actor(system, caf::actor_cast<caf::strong_actor_ptr>(supervisor),
                   config.shutdown_timeout);
  client.use(actors::IngestActor{});
  node.forget();
  return reason.exit_code;
}

}  // namespace

int run_ingest(const IngestCommand& command) {
  const auto& config = command.config;
  const jobs::WorkerId id{node_name(command.name, config.node.tls), jobs::random_u64()};
  configure_logging(config.log_level, config.log_format, id.name);
  StopRequest stop;
  const SignalThread signals{stop};
  std::optional<ShutdownWatchdog> watchdog;
  spdlog::info("darkroom {} starting node={} coordinator={}:{}", version(), id.name,
               command.join.host, command.join.port);
  const int exit_code = serve_until_stopped(command, id, stop, watchdog);
  spdlog::info("stopped");
  return exit_code;
}

}  // namespace darkroom::nodes
