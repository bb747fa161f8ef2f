#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/cpu_meter.hpp"
#include "actors/messages.hpp"
#include "actors/task_files.hpp"
#include "actors/task_stop.hpp"
#include "actors/task_watermarks.hpp"
#include "imaging/backend.hpp"
#include "imaging/plan.hpp"
#include "imaging/probe.hpp"
#include "jobs/lease.hpp"
#include "persistence/mapped_file.hpp"

namespace darkroom::actors {

struct TaskRunnerConfig {
  jobs::WorkerId worker;
  std::shared_ptr<TaskFiles> files;
  imaging::Limits limits;
  const imaging::Backend* backend = nullptr;
  /// For one operation; beyond the job timeout, which the worker watches, so never hit before it.
  std::chrono::milliseconds operation_timeout{};
  /// For the memory to be granted; beyond what all other slots may take, so never hit before them.
  std::chrono::milliseconds reservation_timeout{std::chrono::hours{1}};
  /// Counts what the slot's threads spend on the task.
  std::shared_ptr<CpuMeter> cpu = std::make_shared<CpuMeter>();
  /// By which the worker can stop a transfer; it also does so by a message, which the runner hears
  /// between two steps only.
  std::shared_ptr<TaskStop> stop = std::make_shared<TaskStop>();
  /// Invalid only until the runner is spawned by a worker.
  ReportActor reports_to;
};

/// State of a TASK RUNNER: one task at a time, from the original's bytes to its last rendition.
/// It has the worker reserve the memory that the header and the plan call for, decodes once, hands
/// the picture to the resize, compress and thumbnail actors as the plan says, and writes what they
/// make. The first error ends the task once all operations have answered.
struct TaskRunnerState {
  static inline const char* name = "task-runner";

  struct Running {
    Task task;
    std::optional<persistence::MappedFile> original;  ///< Until it is decoded.
    imaging::Plan plan;
    TaskWatermarks watermark_files;             ///< Until they are decoded.
    std::vector<imaging::FramePtr> watermarks;  ///< One for each rendition; null without one.
    std::size_t open_steps = 0;
    std::vector<jobs::RenditionResult> results;
    jobs::OriginalFindings findings;
    std::optional<jobs::JobError> error;
    /// Asked to stop once nobody wants the task any more.
    std::stop_source stop = {};
  };

  explicit TaskRunnerState(TaskRunnerActor::pointer actor) : self(actor) {}

  void start(Task task);
  /// Fetches the original and plans what is made from it; answers with the memory that will take.
  [[nodiscard]] tl::expected<std::uint64_t, jobs::JobError> prepare();
  /// Goes on once the worker has granted the memory.
  void work();
  /// Ends the task before it has begun: the worker has no memory for it, or stops.
  void turned_away(const caf::error& error);
  /// The decoded original, or why there is none.
  [[nodiscard]] tl::expected<imaging::PicturePtr, jobs::JobError> load_original();
  /// Sends off every step that is made from `source` (none: from the original).
  void send_steps(std::optional<std::size_t> source, const imaging::PicturePtr& picture);
  /// Notes what a picture that shows all of the original tells about it.
  void look_at(const imaging::Picture& picture);
  void step_done(const imaging::PlanStep& step, const RenderReply& reply);
  void step_failed(const imaging::PlanStep& step, jobs::JobError error);
  /// Steps that would have been made from a rendition that is not there.
  void drop_steps_from(std::size_t source);
  [[nodiscard]] tl::expected<jobs::RenditionResult, jobs::JobError> store(
      std::size_t rendition, const imaging::RenderedImage& image) const;
  /// The lease is lost: nothing more is begun or written, and the task ends as handed back.
  void cancel(const jobs::LeaseToken& token);
  void note_error(jobs::JobError error);
  void finish_when_done();
  void finish(JobOutcome outcome);
  [[nodiscard]] const OperationActor& operation(jobs::Operation which) const;

  TaskRunnerActor::pointer self;
  TaskRunnerConfig config;
  OperationActor resize;
  OperationActor compress;
  OperationActor thumbnail;
  std::optional<Running> running;
};

/// Spawn it detached: it decodes, and blocks on the disk.
TaskRunnerActor::behavior_type task_runner(TaskRunnerActor::stateful_pointer<TaskRunnerState> self,
                                           TaskRunnerConfig config);

}  // namespace darkroom::actors
