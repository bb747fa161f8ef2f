#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>

#include "actors/delivery_transport.hpp"
#include "actors/ingest_client.hpp"
#include "actors/supervisor.hpp"
#include "nodes/config.hpp"
#include "nodes/worker_pool.hpp"
#include "persistence/blob_census.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/blob_url.hpp"
#include "persistence/job_store.hpp"
#include "persistence/signing_key.hpp"

namespace darkroom::nodes {

/// How the coordinator's actors are put together. Its children's handles live here, so that each
/// one that is started again is made known to those that work with it. Used by the supervisor
/// alone, one call at a time.
class Coordinator {
 public:
  struct Stores {
    std::shared_ptr<persistence::JobStore> jobs;
    std::shared_ptr<persistence::BlobStore> blobs;
  };

  struct Options {
    std::uint32_t workers = 0;  ///< Processes of the service's own.
    /// Signs what workers elsewhere need to reach the files; none: there can be no such workers.
    std::shared_ptr<const persistence::UrlSigner> signer = {};
    /// By which ingest nodes sign the addresses of files for clients (persistence::ClientUrls).
    persistence::SigningKey client_url_key = {};
    /// Told by the janitor what blobs there are; may be null.
    std::shared_ptr<persistence::BlobCensus> census = {};
    /// Told where the registry listens on loopback, each time it was started.
    std::function<void(std::uint16_t)> published = {};
    /// Sends what is in the outbox. None: nothing is sent.
    std::shared_ptr<actors::DeliveryTransport> transport = {};
  };

  /// `client` is told of the ingest actor; it must outlive this object.
  Coordinator(const Config& config, Stores stores, actors::IngestClient& client, Options options);

  /// Job registry, catalogue, ingest, janitor, notifier with its senders, if anything may be sent,
  /// and the service's own worker processes, if it has any, in the order of their start. The specs
  /// refer to this object, which must outlive the supervisor they are given to.
  [[nodiscard]] std::vector<actors::ChildSpec> children();

  /// Lets go of all handles, once the supervisor has ended: a handle that outlives the actor system
  /// would hang its end.
  void forget();

 private:
  [[nodiscard]] caf::strong_actor_ptr start_registry(caf::actor_system& system);
  [[nodiscard]] caf::strong_actor_ptr start_catalogue(caf::actor_system& system);
  [[nodiscard]] caf::strong_actor_ptr start_ingest(caf::actor_system& system);
  [[nodiscard]] caf::strong_actor_ptr start_janitor(caf::actor_system& system);
  [[nodiscard]] caf::strong_actor_ptr start_notifier(caf::actor_system& system);
  [[nodiscard]] caf::strong_actor_ptr start_sender(caf::actor_system& system, std::uint32_t slot);
  /// Those of the outbox, where there is a transport.
  void add_outbox(std::vector<actors::ChildSpec>& children);
  void publish_registry(caf::actor_system& system);
  /// To the port, and to all that talk to it.
  void introduce_registry(caf::actor_system& system);

  Config config_;
  Options options_;
  Stores stores_;
  actors::IngestClient& client_;
  actors::JobRegistryActor registry_;
  actors::CatalogueActor catalogue_;
  actors::IngestActor ingest_;
  actors::JanitorActor janitor_;
  actors::NotifierActor notifier_;
  std::vector<actors::DeliverySenderActor> senders_;
  WorkerPool workers_;
  std::uint16_t port_ = 0;  ///< Where the registry is published on loopback; 0: nowhere yet.
};

}  // namespace darkroom::nodes
