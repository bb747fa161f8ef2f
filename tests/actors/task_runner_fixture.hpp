#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "actors/compress.hpp"
#include "actors/resize.hpp"
#include "actors/task_runner.hpp"
#include "actors/thumbnail.hpp"
#include "imaging/backend.hpp"
#include "tests/actors/virtual_time_test.hpp"

namespace darkroom::actors {

/// A task runner with its operations, and a worker that keeps what it is sent.
class TaskRunnerFixture : public VirtualTimeTest {
 protected:
  /// What the runner asked its worker for, and what that answers where it refuses.
  struct Reservations {
    std::vector<std::uint64_t> bytes;
    std::optional<ServiceError> refusal;
    std::function<void()> meanwhile = [] {};  ///< What happens before it answers.
  };

  void start_runner(std::shared_ptr<TaskFiles> files) {
    const auto& backend = imaging::stb_backend();
    auto reports = keep(system().spawn(
        [](std::vector<RenditionReport>& renditions, std::vector<JobReport>& jobs,
           Reservations& asked) -> ReportActor::behavior_type {
          return {[&renditions](atom::rendition, const RenditionReport& report) {
                    renditions.push_back(report);
                  },
                  [&jobs](atom::finish, const JobReport& report) { jobs.push_back(report); },
                  [&asked](atom::reserve, const jobs::LeaseToken&,
                           std::uint64_t bytes) -> caf::result<atom::done> {
                    asked.bytes.push_back(bytes);
                    asked.meanwhile();
                    if (asked.refusal) return make_error(*asked.refusal);
                    return atom::done_v;
                  }};
        },
        std::ref(rendition_reports), std::ref(job_reports), std::ref(reservations)));
    runner = keep(
        system().spawn(task_runner, TaskRunnerConfig{.worker = {"anna", 1},
                                                     .files = std::move(files),
                                                     .limits = {},
                                                     .backend = &backend,
                                                     .operation_timeout = std::chrono::seconds{60},
                                                     .stop = stop,
                                                     .reports_to = reports}));
    resize_actor = keep(system().spawn(resize, std::cref(backend), std::make_shared<CpuMeter>()));
    compress_actor =
        keep(system().spawn(compress, std::cref(backend), std::make_shared<CpuMeter>()));
    thumbnail_actor =
        keep(system().spawn(thumbnail, std::cref(backend), std::make_shared<CpuMeter>()));
    caf::anon_send(runner, atom::operators_v, resize_actor, compress_actor, thumbnail_actor);
    run();
  }

  /// A JPEG with a slope of colour, so that every part of it differs.
  static imaging::EncodedImage picture(std::uint32_t width, std::uint32_t height) {
    std::vector<std::uint8_t> samples;
    for (std::uint32_t y = 0; y < height; ++y) {
      for (std::uint32_t x = 0; x < width; ++x) {
        samples.push_back(static_cast<std::uint8_t>(x * 255 / width));
        samples.push_back(static_cast<std::uint8_t>(y * 255 / height));
        samples.push_back(128);
      }
    }
    const imaging::Frame frame{width, height, imaging::PixelLayout::rgb, std::move(samples)};
    imaging::EncodeOptions options;
    options.quality = 90;
    return imaging::stb_backend().encode(frame, options).value();
  }

  void run_task(const Task& task) {
    caf::anon_send(runner, atom::run_v, task);
    run();
  }

  std::vector<RenditionReport> rendition_reports;
  std::vector<JobReport> job_reports;
  Reservations reservations;
  std::shared_ptr<TaskStop> stop = std::make_shared<TaskStop>();
  TaskRunnerActor runner;
  OperationActor resize_actor;
  OperationActor compress_actor;
  OperationActor thumbnail_actor;
};

}  // namespace darkroom::actors
