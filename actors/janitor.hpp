#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/messages.hpp"
#include "actors/options.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::actors {

/// A sweep under way, and who waits for its report.
struct Sweep {
  JanitorReport report;
  std::vector<caf::typed_response_promise<JanitorReport>> waiting;
  std::unique_ptr<persistence::BlobWalk> walk;  ///< Null before the blobs' turn, and after it.
  std::uint64_t blobs = 0;                      ///< That the walk has come by.
  std::uint64_t blob_bytes = 0;
};

/// State of the JANITOR. A sweep goes in bounded steps, each one request to the registry at most,
/// so that neither the queue nor the end of the service ever waits for it: first expired jobs,
/// batch by batch, each with its blobs once its record is gone; then expired batches and
/// deliveries; then blobs whose job does not exist (an upload or a deletion that was cut off); then
/// temporary files whose writers died.
///
/// Where records cannot be removed, because the disk is full above all, the blobs of expired jobs
/// go all the same: that needs no room and makes some. An error ends no more than its step; the
/// next sweep then comes sooner.
struct JanitorState {
  static inline const char* name = "janitor";

  explicit JanitorState(JanitorActor::pointer actor) : self(actor) {}

  void schedule_tick(std::chrono::milliseconds delay);
  void begin_sweep();
  void remove_expired();
  void free_due_blobs();
  void remove_records();
  void find_old_blobs();
  void check_some_blobs();
  /// Whether the job store has no job that needs the blob; the registry alone knows of jobs on
  /// their way to the store.
  [[nodiscard]] bool may_be_orphan(const std::string& key) const;
  /// The walk has come to its end.
  void note_census();
  void remove_orphans(KeyList old_blobs);
  void go_on_with_blobs();
  void remove_temporaries();
  void end_sweep();
  void abandon_sweep();
  void note_error(std::string_view what, const caf::error& error);
  void remove_blobs_of(const JobList& expired);
  void remove_blob(const std::string& key, std::uint64_t& counter);

  JanitorActor::pointer self;
  JanitorRegistryActor registry;  ///< Invalid while the registry is not up.
  std::shared_ptr<persistence::BlobStore> blobs;
  std::shared_ptr<const persistence::JobStore> job_store;
  JanitorOptions options;
  jobs::WallClock wall_clock;
  std::uint64_t tick_generation = 0;
  std::chrono::milliseconds retry{0};  ///< Until the next sweep, if the one under way has errors.
  std::optional<Sweep> sweep;
};

/// Spawn it detached: it blocks on the stores. It only reads `job_store`.
JanitorActor::behavior_type janitor(JanitorActor::stateful_pointer<JanitorState> self,
                                    std::shared_ptr<persistence::BlobStore> blobs,
                                    std::shared_ptr<const persistence::JobStore> job_store,
                                    JanitorOptions options, jobs::WallClock wall_clock);

}  // namespace darkroom::actors
