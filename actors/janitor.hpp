#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/messages.hpp"
#include "actors/options.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/blob_store.hpp"

namespace darkroom::actors {

/// A sweep under way, and who waits for its report.
struct Sweep {
  JanitorReport report;
  std::vector<caf::typed_response_promise<JanitorReport>> waiting;
  std::vector<std::vector<jobs::JobId>> unchecked;  ///< Batches of ids whose blobs are old.
  std::unordered_map<jobs::JobId, std::vector<std::string>> old_blobs;
};

/// State of the JANITOR. A sweep goes in bounded steps, each one request to the registry, so that
/// the queue never waits for it: first expired jobs, batch by batch, each with its blobs once its
/// record is gone; then blobs whose job does not exist (an upload or a deletion that was cut off);
/// then temporary files whose writers died.
struct JanitorState {
  static inline const char* name = "janitor";

  explicit JanitorState(JanitorActor::pointer actor) : self(actor) {}

  void schedule_tick();
  void begin_sweep();
  void remove_expired();
  void find_old_blobs();
  void check_old_blobs();
  void remove_temporaries();
  void end_sweep();
  void remove_blob(const std::string& key, std::uint64_t& counter);

  JanitorActor::pointer self;
  JanitorRegistryActor registry;  ///< Invalid while the registry is not up.
  std::shared_ptr<persistence::BlobStore> blobs;
  JanitorOptions options;
  jobs::WallClock wall_clock;
  std::uint64_t tick_generation = 0;
  std::optional<Sweep> sweep;
};

/// Spawn it detached: it blocks on the blob store.
JanitorActor::behavior_type janitor(JanitorActor::stateful_pointer<JanitorState> self,
                                    std::shared_ptr<persistence::BlobStore> blobs,
                                    JanitorOptions options, jobs::WallClock wall_clock);

}  // namespace darkroom::actors
