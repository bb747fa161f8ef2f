#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/cpu_meter.hpp"
#include "actors/messages.hpp"
#include "imaging/backend.hpp"
#include "imaging/plan.hpp"
#include "imaging/probe.hpp"
#include "jobs/lease.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/mapped_file.hpp"

namespace darkroom::actors {

struct TaskRunnerConfig {
  jobs::WorkerId worker;
  std::shared_ptr<persistence::BlobStore> blobs;
  imaging::Limits limits;
  const imaging::Backend* backend = nullptr;
  /// For one operation; beyond the job timeout, which the worker watches, so never hit before it.
  std::chrono::milliseconds operation_timeout{};
  /// For the memory to be granted; beyond what all other slots may take, so never hit before them.
  std::chrono::milliseconds reservation_timeout{std::chrono::hours{1}};
  /// Counts what the slot's threads spend on the task.
  std::shared_ptr<CpuMeter> cpu = std::make_shared<CpuMeter>();
  /// Invalid only until the runner is spawned by a worker.
  ReportActor reports_to;
};

/// A watermark as it was when the job began: what its memory is reserved by is what is decoded,
/// whatever becomes of the operator's file meanwhile.
struct WatermarkFile {
  std::vector<std::byte> bytes;
  imaging::ImageInfo info;
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
    std::map<std::string, WatermarkFile> watermark_files;  ///< By path, until they are decoded.
    std::vector<imaging::FramePtr> watermarks;  ///< One for each rendition; null without one.
    std::size_t open_steps = 0;
    std::vector<jobs::RenditionResult> results;
    jobs::OriginalFindings findings;
    std::optional<jobs::JobError> error;
    /// Asked to stop once nobody wants the task any more.
    std::stop_source stop;
  };

  explicit TaskRunnerState(TaskRunnerActor::pointer actor) : self(actor) {}

  void start(Task task);
  /// Opens the original and plans what is made from it; answers with the memory that will take.
  [[nodiscard]] tl::expected<std::uint64_t, jobs::JobError> prepare();
  /// Goes on once the worker has granted the memory.
  void work();
  /// Ends the task before it has begun: the worker has no memory for it, or stops.
  void turned_away(const caf::error& error);
  /// The decoded original, or why there is none.
  [[nodiscard]] tl::expected<imaging::PicturePtr, jobs::JobError> load_original();
  /// Reads the files of all watermarks, each once, and tells what the header of each rendition's
  /// says; none where there is no mark.
  [[nodiscard]] tl::expected<std::vector<std::optional<imaging::ImageInfo>>, jobs::JobError>
  read_watermarks();
  /// Decodes one of those.
  [[nodiscard]] tl::expected<imaging::FramePtr, jobs::JobError> load_watermark(
      const jobs::Watermark& watermark) const;
  /// Sends off every step that is made from `source` (none: from the original).
  void send_steps(std::optional<std::size_t> source, const imaging::PicturePtr& picture);
  /// Notes what a picture that shows all of the original tells about it.
  void look_at(const imaging::Picture& picture);
  void step_done(const imaging::PlanStep& step, const RenderReply& reply);
  void step_failed(const imaging::PlanStep& step, jobs::JobError error);
  /// Steps that would have been made from a rendition that is not there.
  void drop_steps_from(std::size_t source);
  [[nodiscard]] tl::expected<jobs::RenditionResult, jobs::JobError> store(
      const jobs::RenditionSpec& spec, const imaging::RenderedImage& image) const;
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
