#include "actors/janitor.hpp"

#include <chrono>
#include <string_view>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/service_error.hpp"

namespace darkroom::actors {
namespace {

using Self = JanitorActor::stateful_pointer<JanitorState>;

/// One step of the registry is a synced write at most.
constexpr std::chrono::seconds registry_timeout{30};

/// The id that a blob's file name starts with, if it does.
std::optional<jobs::JobId> job_of(std::string_view key) {
  constexpr std::size_t id_length = 36;
  const auto slash = key.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  return jobs::JobId::parse(key.substr(slash + 1, id_length));
}

}  // namespace

void JanitorState::schedule_tick() {
  self->delayed_send(self, options.interval, atom::tick_v, ++tick_generation);
}

void JanitorState::begin_sweep() {
  if (sweep) return;
  sweep.emplace();
  remove_expired();
}

void JanitorState::remove_expired() {
  if (!registry) {
    ++sweep->report.errors;
    end_sweep();
    return;
  }
  self->request(registry, registry_timeout, atom::expire_v,
                static_cast<std::uint32_t>(options.batch))
      .then(
          [this](const JobList& expired) {
            for (const auto& job : expired.jobs) {
              ++sweep->report.expired_jobs;
              for (const auto& key : jobs::blob_keys(job)) {
                remove_blob(key, sweep->report.removed_blobs);
              }
            }
            if (expired.jobs.size() == options.batch) {
              remove_expired();
            } else {
              find_old_blobs();
            }
          },
          [this](const caf::error& error) {
            ++sweep->report.errors;
            spdlog::warn("janitor cannot remove expired jobs: {}", to_service_error(error).message);
            end_sweep();
          });
}

void JanitorState::find_old_blobs() {
  const auto horizon = wall_clock() - options.orphan_age;
  auto& ids = sweep->unchecked;
  auto listed = blobs->for_each([&](const persistence::BlobEntry& blob) {
    if (blob.modified_at > horizon) return true;
    const auto id = job_of(blob.key);
    if (!id) return true;  // Not one of ours; leave it to whoever put it there.
    auto& keys = sweep->old_blobs[*id];
    if (keys.empty()) {
      if (ids.empty() || ids.back().size() == options.batch) ids.emplace_back();
      ids.back().push_back(*id);
    }
    keys.push_back(blob.key);
    return true;
  });
  if (!listed) {
    ++sweep->report.errors;
    spdlog::warn("janitor cannot list the blobs: {}", listed.error().message);
  }
  check_old_blobs();
}

void JanitorState::check_old_blobs() {
  if (sweep->unchecked.empty()) {
    remove_temporaries();
    return;
  }
  JobIdList batch{std::move(sweep->unchecked.back())};
  sweep->unchecked.pop_back();
  self->request(registry, registry_timeout, atom::unknown_v, std::move(batch))
      .then(
          [this](const JobIdList& unknown) {
            for (const auto& id : unknown.ids) {
              for (const auto& key : sweep->old_blobs[id]) {
                remove_blob(key, sweep->report.orphaned_blobs);
              }
            }
            check_old_blobs();
          },
          [this](const caf::error& error) {
            ++sweep->report.errors;
            spdlog::warn("janitor cannot look for orphaned blobs: {}",
                         to_service_error(error).message);
            remove_temporaries();
          });
}

void JanitorState::remove_temporaries() {
  auto removed = blobs->remove_stale_temporaries(wall_clock() - options.orphan_age);
  if (removed) {
    sweep->report.stale_temporaries += *removed;
  } else {
    ++sweep->report.errors;
    spdlog::warn("janitor cannot remove stale temporary files: {}", removed.error().message);
  }
  end_sweep();
}

void JanitorState::end_sweep() {
  const auto done = std::exchange(sweep, std::nullopt);
  const auto& report = done->report;
  spdlog::info(
      "janitor swept expired_jobs={} removed_blobs={} orphaned_blobs={} stale_temporaries={} "
      "errors={}",
      report.expired_jobs, report.removed_blobs, report.orphaned_blobs, report.stale_temporaries,
      report.errors);
  for (auto promise : done->waiting)
    promise.deliver(report);
}

void JanitorState::remove_blob(const std::string& key, std::uint64_t& counter) {
  if (auto removed = blobs->remove(key); removed) {
    ++counter;
  } else {
    ++sweep->report.errors;
    spdlog::warn("janitor cannot remove {}: {}", key, removed.error().message);
  }
}

JanitorActor::behavior_type janitor(Self self, std::shared_ptr<persistence::BlobStore> blobs,
                                    JanitorOptions options, jobs::WallClock wall_clock) {
  auto& state = self->state;
  state.blobs = std::move(blobs);
  state.options = options;
  state.wall_clock = std::move(wall_clock);
  state.schedule_tick();

  return {
      [self](atom::sweep) -> caf::result<JanitorReport> {
        self->state.begin_sweep();
        // It may have ended at once, for want of a registry.
        if (!self->state.sweep) {
          return make_error({ServiceErrorCode::unavailable, "The job registry is starting."});
        }
        auto promise = self->make_response_promise<JanitorReport>();
        self->state.sweep->waiting.push_back(promise);
        return promise;
      },
      [self](atom::tick, std::uint64_t generation) {
        if (generation != self->state.tick_generation) return;
        self->state.schedule_tick();
        self->state.begin_sweep();
      },
      [self](atom::registry, JanitorRegistryActor& registry) {
        self->state.registry = std::move(registry);
      },
  };
}

}  // namespace darkroom::actors
