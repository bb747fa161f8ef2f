#include "actors/task_runner.hpp"

#include <exception>
#include <memory>
#include <new>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/service_error.hpp"
#include "actors/task_errors.hpp"
#include "actors/task_log.hpp"
#include "imaging/memory_estimate.hpp"
#include "imaging/stand_in.hpp"

namespace darkroom::actors {
namespace {

using jobs::ErrorKind;
using jobs::JobError;
using Self = TaskRunnerActor::stateful_pointer<TaskRunnerState>;

}  // namespace

void TaskRunnerState::start(Task task) {
  config.cpu->reset();
  const CpuMeter::Running metered{*config.cpu};
  running = Running{};
  running->stop = config.stop->begin(task.token);
  running->task = std::move(task);
  const auto memory = prepare();
  if (!memory) {
    note_error(memory.error());
    finish_when_done();
    return;
  }
  self->request(config.reports_to, config.reservation_timeout, atom::reserve_v, running->task.token,
                *memory)
      .then([this](atom::done) { work(); },
            [this](const caf::error& error) { turned_away(error); });
}

tl::expected<std::uint64_t, JobError> TaskRunnerState::prepare() {
  const auto stop = running->stop.get_token();
  auto file = config.files->original(running->task, stop);
  if (!file) return tl::unexpected(std::move(file.error()));
  running->original = std::move(*file);
  const auto info = imaging::probe(running->original->bytes(), config.limits);
  if (!info) return tl::unexpected(from_imaging(info.error()));
  const auto& specs = running->task.renditions;
  running->plan = imaging::plan_renditions(*info, specs);
  auto& watermarks = running->watermark_files;
  const auto marks = watermarks.read(running->task, *config.files, config.limits, stop);
  if (!marks) return tl::unexpected(marks.error());
  return imaging::estimate_memory(*info, running->plan, specs, *config.backend, *marks).at_once +
         watermarks.bytes();
}

void TaskRunnerState::work() {
  const CpuMeter::Running metered{*config.cpu};
  if (running->stop.stop_requested()) {
    finish_when_done();
    return;
  }
  auto original = load_original();
  running->original.reset();
  running->watermark_files.clear();
  if (!original) {
    note_error(std::move(original.error()));
    finish_when_done();
    return;
  }
  running->open_steps = running->plan.steps.size();
  send_steps(std::nullopt, *original);
  if (!running->plan.smallest_plain) look_at(**original);
  finish_when_done();
}

void TaskRunnerState::turned_away(const caf::error& error) {
  auto reason = to_service_error(error);
  const bool too_much = reason.code == ServiceErrorCode::too_much_memory;
  note_error({too_much ? ErrorKind::permanent : ErrorKind::transient, std::move(reason.message)});
  finish(too_much ? JobOutcome::failed : JobOutcome::handed_back);
}

tl::expected<imaging::PicturePtr, JobError> TaskRunnerState::load_original() {
  try {
    auto marks = running->watermark_files.decode(running->task, *config.backend, config.limits);
    if (!marks) return tl::unexpected(std::move(marks.error()));
    running->watermarks = std::move(*marks);
    auto picture =
        config.backend->decode(running->original->bytes(), config.limits, running->plan.decode);
    if (!picture) return tl::unexpected(from_imaging(picture.error()));
    return std::make_shared<const imaging::Picture>(std::move(*picture));
  } catch (const std::bad_alloc&) {
    return tl::unexpected(
        JobError{ErrorKind::transient, "There is not enough memory to decode this image."});
  } catch (const std::exception& exception) {
    return tl::unexpected(
        JobError{ErrorKind::permanent, std::string{"Decoding failed: "} + exception.what()});
  }
}

void TaskRunnerState::look_at(const imaging::Picture& picture) {
  const auto stand_in = imaging::stand_in_for(*config.backend, picture);
  if (!stand_in) {
    // The job is none the worse for it.
    spdlog::warn("No blurhash and colour: {} {}", stand_in.error().message,
                 task_pairs(running->task));
    return;
  }
  running->findings = {.blurhash = stand_in->blurhash,
                       .dominant_colour = jobs::to_string(stand_in->dominant_colour)};
}

void TaskRunnerState::send_steps(std::optional<std::size_t> source,
                                 const imaging::PicturePtr& picture) {
  for (const auto& step : running->plan.steps) {
    if (step.source != source) continue;
    const auto& spec = running->task.renditions[step.rendition];
    self->request(
            operation(spec.operation), config.operation_timeout, atom::render_v,
            RenderRequest{
                {picture, running->watermarks[step.rendition]}, spec, running->stop.get_token()})
        .then([this, step](const RenderReply& reply) { step_done(step, reply); },
              [this, step](const caf::error& error) {
                step_failed(step, {ErrorKind::transient, "Making a rendition failed: " +
                                                             to_service_error(error).message});
              });
  }
}

void TaskRunnerState::step_done(const imaging::PlanStep& step, const RenderReply& reply) {
  const CpuMeter::Running metered{*config.cpu};
  if (running->stop.stop_requested()) {
    step_failed(step, {ErrorKind::transient, "Nobody wants this task any more."});
    return;
  }
  if (!reply.result) {
    step_failed(step, from_imaging(reply.result.error()));
    return;
  }
  // What is made from this one can begin while it is written.
  send_steps(step.rendition, reply.result->picture);
  if (running->plan.smallest_plain == step.rendition) look_at(*reply.result->picture);
  const auto start = std::chrono::steady_clock::now();
  auto stored = store(step.rendition, *reply.result);
  const auto took = reply.took + (std::chrono::steady_clock::now() - start);
  --running->open_steps;
  if (stored) {
    stored->milliseconds = static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
    self->send(config.reports_to, atom::rendition_v,
               RenditionReport{config.worker, running->task.job, running->task.token, *stored});
    running->results.push_back(std::move(*stored));
  } else {
    note_error(std::move(stored.error()));
  }
  finish_when_done();
}

void TaskRunnerState::step_failed(const imaging::PlanStep& step, JobError error) {
  --running->open_steps;
  drop_steps_from(step.rendition);
  note_error(std::move(error));
  finish_when_done();
}

void TaskRunnerState::drop_steps_from(std::size_t source) {
  for (const auto& step : running->plan.steps) {
    if (step.source != source) continue;
    --running->open_steps;
    drop_steps_from(step.rendition);
  }
}

tl::expected<jobs::RenditionResult, JobError> TaskRunnerState::store(
    std::size_t rendition, const imaging::RenderedImage& image) const {
  const auto& spec = running->task.renditions[rendition];
  // What the encoder made must at least begin as a picture of the right size.
  const auto info = imaging::probe(image.file, imaging::no_limits);
  if (!info || imaging::Size{info->width, info->height} != image.size) {
    return tl::unexpected(
        JobError{ErrorKind::transient, "Rendition " + spec.name + " came out damaged."});
  }
  auto stored =
      config.files->store(running->task, rendition, image.file, running->stop.get_token());
  if (!stored) return tl::unexpected(std::move(stored.error()));
  return jobs::RenditionResult{.name = spec.name,
                               .blob_key = std::move(stored->key),
                               .content_type = std::string{jobs::content_type(spec.format)},
                               .sha256 = std::move(stored->sha256),
                               .bytes = image.file.size(),
                               .width = info->width,
                               .height = info->height,
                               .milliseconds = 0};
}

void TaskRunnerState::cancel(const jobs::LeaseToken& token) {
  config.stop->cancel(token);
}

void TaskRunnerState::note_error(JobError error) {
  // A permanent error outweighs a transient one: trying again would only meet it again.
  const bool outweighs = !running->error || (running->error->kind != ErrorKind::permanent &&
                                             error.kind == ErrorKind::permanent);
  if (outweighs) running->error = std::move(error);
}

void TaskRunnerState::finish_when_done() {
  if (running->open_steps > 0) return;
  if (running->stop.stop_requested()) {
    finish(JobOutcome::handed_back);
  } else {
    finish(running->error ? JobOutcome::failed : JobOutcome::completed);
  }
}

void TaskRunnerState::finish(JobOutcome outcome) {
  Running done = std::move(*std::exchange(running, std::nullopt));
  // With the report the memory is given back, so nothing may be held any more.
  done.original.reset();
  done.watermark_files.clear();
  done.watermarks.clear();
  self->send(config.reports_to, atom::finish_v,
             JobReport{.worker = config.worker,
                       .job = done.task.job,
                       .token = done.task.token,
                       .outcome = outcome,
                       .error = std::move(done.error).value_or(JobError{}),
                       .results = std::move(done.results),
                       .findings = std::move(done.findings)});
}

const OperationActor& TaskRunnerState::operation(jobs::Operation which) const {
  switch (which) {
    case jobs::Operation::compress:
      return compress;
    case jobs::Operation::thumbnail:
      return thumbnail;
    case jobs::Operation::resize:
      break;
  }
  return resize;
}

TaskRunnerActor::behavior_type task_runner(Self self, TaskRunnerConfig config) {
  self->state.config = std::move(config);

  return {
      [self](atom::run, Task& task) { self->state.start(std::move(task)); },
      [self](atom::cancel, const jobs::LeaseToken& token) { self->state.cancel(token); },
      [self](atom::operators, OperationActor& resize, OperationActor& compress,
             OperationActor& thumbnail) {
        self->state.resize = std::move(resize);
        self->state.compress = std::move(compress);
        self->state.thumbnail = std::move(thumbnail);
      },
  };
}

}  // namespace darkroom::actors
