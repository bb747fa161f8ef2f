#include "tests/simulation/scripted_runner.hpp"

#include <chrono>
#include <span>
#include <utility>

#include "actors/service_error.hpp"
#include "tests/simulation/job_script.hpp"

namespace darkroom::simulation {
namespace {

using jobs::ErrorKind;
using Kind = JobScript::Kind;

/// All tasks of a worker fit.
constexpr std::uint64_t memory_of_a_task = 1;

jobs::JobError disk_error(const persistence::StoreError& error) {
  return {ErrorKind::environment, "Cannot write a rendition: " + error.message};
}

}  // namespace

void ScriptedRunnerState::start(actors::Task task) {
  running.emplace();
  running->task = std::move(task);
  config.checker->work_began(running->task, config.worker.name, config.process);
  self->request(config.reports_to, std::chrono::seconds{3'600}, atom::reserve_v,
                running->task.token, memory_of_a_task)
      .then([this](atom::done) { step(); },
            [this](const caf::error& error) {
              finish(actors::JobOutcome::handed_back,
                     {ErrorKind::transient, actors::to_service_error(error).message});
            });
}

void ScriptedRunnerState::cancel(const jobs::LeaseToken& token) {
  if (running && running->task.token == token) running->unwanted = true;
}

void ScriptedRunnerState::step() {
  if (!running) return;
  if (running->unwanted) {
    finish(actors::JobOutcome::handed_back,
           {ErrorKind::transient, "The job was not wanted any more."});
    return;
  }
  if (running->writer) end_rendition();
  if (!running) return;
  if (running->results.size() == running->task.renditions.size()) {
    finish(actors::JobOutcome::completed, {});
    return;
  }
  if (survive()) begin_rendition();
}

bool ScriptedRunnerState::survive() {
  const auto& job = running->task.job;
  if (config.blobs->find(running->task.original_key) == nullptr) {
    fail({ErrorKind::permanent, "The original is missing from the blob store."});
    return false;
  }
  const auto& script = config.checker->script(job);
  const auto& next = running->task.renditions[running->results.size()].name;
  // By name, so that trouble stays where it is when some renditions are there already.
  const auto last = running->results.size() + 1 == running->task.renditions.size();
  const bool is_here = last || script.trouble_at == next.size() % 3;
  if (!is_here) return true;
  switch (script.kind) {
    case Kind::good:
      return true;
    case Kind::poison:
      config.die(job);
      return false;
    case Kind::hang:
      return false;
    case Kind::permanent:
      fail({ErrorKind::permanent, "Corrupted image file."});
      return false;
    case Kind::transient:
      break;
  }
  if (config.checker->failures(job) >= script.failures) return true;
  fail({ErrorKind::transient, "There is not enough memory."});
  return false;
}

void ScriptedRunnerState::begin_rendition() {
  const auto& task = running->task;
  const auto content = rendition_content(config.checker->script(task.job),
                                         task.renditions[running->results.size()].name);
  auto writer = config.blobs->create();
  if (!writer) return fail(disk_error(writer.error()));
  if (const auto written = (*writer)->write(std::as_bytes(std::span{content})); !written) {
    return fail(disk_error(written.error()));
  }
  running->writer = std::move(*writer);
  self->delayed_send(self, config.checker->script(task.job).work, atom::step_v);
}

void ScriptedRunnerState::end_rendition() {
  const auto& task = running->task;
  const auto& spec = task.renditions[running->results.size()];
  const auto writer = std::move(running->writer);
  const auto sha256 = writer->finish();
  if (!sha256) return fail(disk_error(sha256.error()));
  const auto key = jobs::rendition_key(task.job, spec, task.attempt);
  if (const auto committed = writer->commit(key); !committed) {
    return fail(disk_error(committed.error()));
  }
  const jobs::RenditionResult result{.name = spec.name,
                                     .blob_key = key,
                                     .content_type = "image/jpeg",
                                     .sha256 = *sha256,
                                     .bytes = writer->size(),
                                     .width = 1,
                                     .height = 1};
  self->send(config.reports_to, atom::rendition_v,
             actors::RenditionReport{config.worker, task.job, task.token, result});
  running->results.push_back(result);
}

void ScriptedRunnerState::fail(const jobs::JobError& error) {
  finish(actors::JobOutcome::failed, error);
}

void ScriptedRunnerState::finish(actors::JobOutcome outcome, const jobs::JobError& error) {
  const auto done = std::move(*std::exchange(running, std::nullopt));
  // Of a disk error the registry says that the job was handed back.
  const bool counts = outcome != actors::JobOutcome::failed || error.kind != ErrorKind::environment;
  config.checker->work_ended(done.task, counts ? outcome : actors::JobOutcome::handed_back);
  self->send(config.reports_to, atom::finish_v,
             actors::JobReport{.worker = config.worker,
                               .job = done.task.job,
                               .token = done.task.token,
                               .outcome = outcome,
                               .error = error,
                               .results = done.results});
}

ScriptedRunnerActor::behavior_type scripted_runner(
    ScriptedRunnerActor::stateful_pointer<ScriptedRunnerState> self, ScriptedRunnerConfig config) {
  self->state.config = std::move(config);
  return {
      [self](atom::run, actors::Task& task) { self->state.start(std::move(task)); },
      [self](atom::cancel, const jobs::LeaseToken& token) { self->state.cancel(token); },
      [](atom::operators, const actors::OperationActor&, const actors::OperationActor&,
         const actors::OperationActor&) {},
      [self](atom::step) { self->state.step(); },
  };
}

}  // namespace darkroom::simulation
