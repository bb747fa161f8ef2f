#include "nodes/coordinator.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include <caf/io/middleman.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include "actors/catalogue.hpp"
#include "actors/delivery_sender.hpp"
#include "actors/ingest.hpp"
#include "actors/janitor.hpp"
#include "actors/job_registry.hpp"
#include "actors/notifier.hpp"
#include "nodes/files_place.hpp"
#include "nodes/queue_settings.hpp"
#include "nodes/version.hpp"
#include "nodes/worker_memory.hpp"
#include "persistence/hex.hpp"

namespace darkroom::nodes {
namespace {

constexpr const char* loopback = "127.0.0.1";

/// Children that lean on others stop before them.
constexpr std::size_t registry_stage = 0;
constexpr std::size_t service_stage = 1;
constexpr std::size_t worker_stage = 2;

/// The same with the memory of each worker process settled.
Config with_own_memory(Config config, std::uint32_t workers) {
  if (workers == 0) return config;
  const bool share = config.worker.memory == 0;
  config.worker.memory = worker_memory(config, available_memory(), workers);
  spdlog::info("memory: {} MiB for the jobs of each worker process{}", config.worker.memory >> 20U,
               share ? ", a share of the machine's" : "");
  return config;
}

}  // namespace

Coordinator::Coordinator(const Config& config, Stores stores, actors::IngestClient& client,
                         Options options)
    : config_(with_own_memory(config, options.workers)),
      options_(std::move(options)),
      stores_(std::move(stores)),
      client_(client),
      workers_(config_, {.prefix = std::string{jobs::local_worker_prefix},
                         .node = {},
                         .count = options_.workers,
                         .running = options_.workers}) {
  config_.registry.leases_are_dead = std::make_shared<std::atomic<bool>>(true);
  config_.registry.queue_retry = queue_policies(config_);
  config_.registry.version = version();
  config_.registry.files = files_place(config_.storage_path);
  config_.registry.client_url_key = persistence::to_hex(options_.client_url_key);
  config_.registry.urls = {.signer = options_.signer,
                           .expiry = config_.transfer.url_expiry,
                           .max_rendition = config_.transfer.max_rendition,
                           .max_original = config_.http.max_upload_bytes};
  config_.registry.queue_weights = queue_weights(config_);
  auto& outbox = config_.registry.outbox;
  outbox.webhooks = !config_.webhook.secret.empty() || !config_.webhook.secret_file.empty();
  outbox.emails = !config_.email.server.empty();
  config_.janitor.census = options_.census;
}

std::vector<actors::ChildSpec> Coordinator::children() {
  std::vector<actors::ChildSpec> children;
  children.push_back({.name = "job-registry",
                      .start = [this](caf::actor_system& s) { return start_registry(s); },
                      .stage = registry_stage});
  children.push_back({.name = "catalogue",
                      .start = [this](caf::actor_system& s) { return start_catalogue(s); },
                      .stage = service_stage});
  children.push_back({.name = "ingest",
                      .start = [this](caf::actor_system& s) { return start_ingest(s); },
                      .stage = service_stage});
  children.push_back({.name = "janitor",
                      .start = [this](caf::actor_system& s) { return start_janitor(s); },
                      .stage = service_stage});
  add_outbox(children);
  for (auto& worker : workers_.children(worker_stage))
    children.push_back(std::move(worker));
  return children;
}

void Coordinator::add_outbox(std::vector<actors::ChildSpec>& children) {
  if (!options_.transport) return;
  // What is not sent is kept; so pictures are made also where none of these runs.
  children.push_back({.name = "notifier",
                      .start = [this](caf::actor_system& s) { return start_notifier(s); },
                      .stage = service_stage,
                      .vital = false});
  senders_.resize(config_.registry.outbox.senders);
  for (std::uint32_t slot = 0; slot < senders_.size(); ++slot) {
    children.push_back(
        {.name = "delivery-sender-" + std::to_string(slot + 1),
         .start = [this, slot](caf::actor_system& s) { return start_sender(s, slot); },
         .stage = service_stage,
         .vital = false});
  }
}

void Coordinator::forget() {
  registry_ = nullptr;
  catalogue_ = nullptr;
  ingest_ = nullptr;
  janitor_ = nullptr;
  notifier_ = nullptr;
  senders_.clear();
  workers_.forget();
}

caf::strong_actor_ptr Coordinator::start_registry(caf::actor_system& system) {
  if (registry_ && port_ != 0) (void)system.middleman().unpublish(registry_, port_);
  registry_ = system.spawn<caf::detached>(actors::job_registry, stores_.jobs, config_.registry,
                                          jobs::WallClock{jobs::system_now});
  try {
    introduce_registry(system);
  } catch (...) {
    // Or there would be two, once another is started: a start that threw has failed.
    caf::anon_send_exit(registry_, caf::exit_reason::kill);
    throw;
  }
  return caf::actor_cast<caf::strong_actor_ptr>(registry_);
}

void Coordinator::introduce_registry(caf::actor_system& system) {
  publish_registry(system);
  if (catalogue_) caf::anon_send(registry_, atom::catalogue_v, catalogue_);
  if (ingest_) {
    caf::anon_send(ingest_, atom::registry_v, actors::ClientRegistryActor{registry_});
  }
  if (janitor_) {
    caf::anon_send(janitor_, atom::registry_v, actors::JanitorRegistryActor{registry_});
    caf::anon_send(registry_, atom::janitor_v, actors::BlobRemoverActor{janitor_});
  }
  if (notifier_) {
    caf::anon_send(notifier_, atom::registry_v, actors::DeliveryRegistryActor{registry_});
    caf::anon_send(registry_, atom::notifier_v, actors::DeliveryAlarmActor{notifier_});
  }
  workers_.use(actors::AttendanceActor{registry_});
}

void Coordinator::publish_registry(caf::actor_system& system) {
  // The same port at each restart, so that workers find the new registry where the old one was.
  const auto port =
      system.middleman().publish(actors::ClusterRegistryActor{registry_}, port_, loopback, true);
  if (!port) {
    // Without the port no worker can join; so this start has failed, and the next one tries again.
    spdlog::error("the node port cannot be opened: {}", system.render(port.error()));
    caf::anon_send_exit(registry_, caf::exit_reason::user_shutdown);
    return;
  }
  port_ = *port;
  workers_.open({.control_port = port_, .data_port = {}, .storage_path = config_.storage_path});
  if (options_.published) options_.published(port_);
}

caf::strong_actor_ptr Coordinator::start_catalogue(caf::actor_system& system) {
  catalogue_ = system.spawn<caf::detached>(actors::catalogue, stores_.jobs,
                                           jobs::WallClock{jobs::system_now});
  caf::anon_send(registry_, atom::catalogue_v, catalogue_);
  if (notifier_) caf::anon_send(notifier_, atom::catalogue_v, catalogue_);
  return caf::actor_cast<caf::strong_actor_ptr>(catalogue_);
}

caf::strong_actor_ptr Coordinator::start_ingest(caf::actor_system& system) {
  ingest_ = system.spawn(actors::ingest, config_.presets, config_.registry.ttl,
                         jobs::WallClock{jobs::system_now},
                         actors::MemoryLimit{&chosen_backend(config_), config_.limits.max_memory});
  caf::anon_send(ingest_, atom::registry_v, actors::ClientRegistryActor{registry_});
  if (janitor_) caf::anon_send(ingest_, atom::janitor_v, actors::SweepActor{janitor_});
  client_.use(ingest_);
  return caf::actor_cast<caf::strong_actor_ptr>(ingest_);
}

caf::strong_actor_ptr Coordinator::start_janitor(caf::actor_system& system) {
  janitor_ = system.spawn<caf::detached>(actors::janitor, stores_.blobs, stores_.jobs,
                                         config_.janitor, jobs::WallClock{jobs::system_now});
  caf::anon_send(janitor_, atom::registry_v, actors::JanitorRegistryActor{registry_});
  caf::anon_send(registry_, atom::janitor_v, actors::BlobRemoverActor{janitor_});
  caf::anon_send(ingest_, atom::janitor_v, actors::SweepActor{janitor_});
  return caf::actor_cast<caf::strong_actor_ptr>(janitor_);
}

caf::strong_actor_ptr Coordinator::start_notifier(caf::actor_system& system) {
  const auto& outbox = config_.registry.outbox;
  notifier_ =
      system.spawn(actors::notifier, actors::NotifierOptions{.limits = {.senders = outbox.senders},
                                                             .send_timeout = outbox.timeout});
  caf::anon_send(notifier_, atom::registry_v, actors::DeliveryRegistryActor{registry_});
  caf::anon_send(notifier_, atom::catalogue_v, catalogue_);
  for (std::uint32_t slot = 0; slot < senders_.size(); ++slot) {
    if (senders_[slot]) caf::anon_send(notifier_, atom::sender_v, slot, senders_[slot]);
  }
  caf::anon_send(registry_, atom::notifier_v, actors::DeliveryAlarmActor{notifier_});
  return caf::actor_cast<caf::strong_actor_ptr>(notifier_);
}

caf::strong_actor_ptr Coordinator::start_sender(caf::actor_system& system, std::uint32_t slot) {
  auto& sender = senders_.at(slot);
  sender = system.spawn<caf::detached>(actors::delivery_sender,
                                       std::shared_ptr<const persistence::JobStore>{stores_.jobs},
                                       options_.transport, jobs::WallClock{jobs::system_now});
  caf::anon_send(notifier_, atom::sender_v, slot, sender);
  return caf::actor_cast<caf::strong_actor_ptr>(sender);
}

}  // namespace darkroom::nodes
