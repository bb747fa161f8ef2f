#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/messages.hpp"
#include "imaging/backend.hpp"
#include "jobs/rendition.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::actors {

/// What one job may take of a worker's memory, and the codecs by which that is reckoned.
struct MemoryLimit {
  const imaging::Backend* backend = nullptr;
  std::uint64_t bytes = 0;
};

/// State of INGEST: what is admitted, and the registry that makes it durable.
struct IngestState {
  static inline const char* name = "ingest";

  // Declared, so that CAF does not take the first member for a parameter of an aggregate.
  IngestState() = default;

  /// The preset, or unknown_preset with the names there are.
  [[nodiscard]] tl::expected<jobs::Preset, ServiceError> find_preset(
      const std::string& wanted) const;

  /// What is to be made of an upload, with every format settled. Errors: as find_preset, and
  /// too_much_memory.
  [[nodiscard]] tl::expected<jobs::Preset, ServiceError> plan_renditions(NewJob& upload) const;

  /// The job of an upload. Errors: as plan_renditions.
  [[nodiscard]] tl::expected<jobs::Job, ServiceError> make_job(NewJob& upload) const;

  /// The jobs of a batch's uploads. Errors: the same, with the file that they are about.
  [[nodiscard]] tl::expected<JobList, ServiceError> make_jobs(NewBatch& upload) const;

  ClientRegistryActor registry;  ///< Invalid while the registry is not up.
  SweepActor janitor;            ///< Likewise.
  std::vector<jobs::Preset> presets;
  std::chrono::milliseconds ttl{};
  jobs::WallClock wall_clock;
  MemoryLimit memory;
};

/// @param presets  At least one.
/// @param ttl      From creation of a job to its expiry.
IngestActor::behavior_type ingest(IngestActor::stateful_pointer<IngestState> self,
                                  std::vector<jobs::Preset> presets, std::chrono::milliseconds ttl,
                                  jobs::WallClock wall_clock, MemoryLimit memory);

}  // namespace darkroom::actors
