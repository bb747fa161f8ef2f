#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/messages.hpp"
#include "jobs/lease.hpp"
#include "persistence/blob_store.hpp"
#include "tests/simulation/checker.hpp"
#include "tests/simulation/simulated_blob_store.hpp"

namespace darkroom::simulation {

struct ScriptedRunnerConfig {
  jobs::WorkerId worker;
  std::shared_ptr<SimulatedBlobStore> blobs;
  Checker* checker = nullptr;
  std::uint32_t process = 0;
  actors::ReportActor reports_to;
  /// Kills the runner's process, as this job does.
  std::function<void(const jobs::JobId&)> die;
};

/// What a worker expects of its runner, and a timer.
using ScriptedRunnerActor = actors::TaskRunnerActor::extend<caf::reacts_to<atom::step>>;

/// State of a task runner that has no pixels: each rendition takes the virtual time that the job's
/// script says, and is then written to the blob store and reported, as the real one does it.
struct ScriptedRunnerState {
  static inline const char* name = "scripted-runner";

  struct Running {
    actors::Task task;
    std::vector<jobs::RenditionResult> results;
    std::unique_ptr<persistence::BlobWriter> writer;  ///< Of the rendition under way.
    bool unwanted = false;                            ///< Ends at the next step.
  };

  explicit ScriptedRunnerState(ScriptedRunnerActor::pointer actor) : self(actor) {}

  void start(actors::Task task);
  void cancel(const jobs::LeaseToken& token);
  void step();
  /// Does what the script has in store for the rendition at hand; false where that ends the work.
  [[nodiscard]] bool survive();
  void begin_rendition();
  void end_rendition();
  void fail(const jobs::JobError& error);
  void finish(actors::JobOutcome outcome, const jobs::JobError& error);

  ScriptedRunnerActor::pointer self;
  ScriptedRunnerConfig config;
  std::optional<Running> running;
};

ScriptedRunnerActor::behavior_type scripted_runner(
    ScriptedRunnerActor::stateful_pointer<ScriptedRunnerState> self, ScriptedRunnerConfig config);

}  // namespace darkroom::simulation
