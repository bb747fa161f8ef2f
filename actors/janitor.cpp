#include "actors/janitor.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/service_error.hpp"
#include "persistence/blob_census.hpp"

namespace darkroom::actors {
namespace {

using Self = JanitorActor::stateful_pointer<JanitorState>;

/// The first sweep comes soon after the start: what a crash or a long stop has left is waiting.
constexpr std::chrono::milliseconds first_sweep{60'000};
/// After a sweep with errors the next comes sooner, at first after this long.
constexpr std::chrono::milliseconds first_retry{60'000};
/// Blobs looked at in one message, so that an exit message never waits for long.
constexpr std::size_t blobs_in_a_step = 1'000;

/// One step of the registry is a synced write at most.
constexpr std::chrono::seconds registry_timeout{30};

caf::error to_error(const persistence::StoreError& error) {
  return make_error(to_service_error(error));
}

}  // namespace

void JanitorState::schedule_tick(std::chrono::milliseconds delay) {
  self->delayed_send(self, delay, atom::tick_v, ++tick_generation);
}

void JanitorState::begin_sweep() {
  if (sweep) return;
  sweep.emplace();
  remove_expired();
}

void JanitorState::remove_expired() {
  if (!registry) {
    note_error("janitor has no registry to ask", {});
    end_sweep();
    return;
  }
  self->request(registry, registry_timeout, atom::expire_v,
                static_cast<std::uint32_t>(options.batch))
      .then(
          [this](const JobList& expired) {
            sweep->report.expired_jobs += expired.jobs.size();
            remove_blobs_of(expired);
            if (expired.jobs.empty()) {
              remove_records();
            } else {
              remove_expired();
            }
          },
          [this](const caf::error& error) {
            note_error("janitor cannot remove expired jobs", error);
            free_due_blobs();
          });
}

void JanitorState::remove_records() {
  self->request(registry, registry_timeout, atom::records_v,
                static_cast<std::uint32_t>(options.batch))
      .then(
          [this](std::uint32_t removed) {
            sweep->report.expired_records += removed;
            if (removed == 0) {
              find_old_blobs();
            } else {
              remove_records();
            }
          },
          [this](const caf::error& error) {
            note_error("janitor cannot remove expired batches and deliveries", error);
            find_old_blobs();
          });
}

void JanitorState::free_due_blobs() {
  self->request(registry, registry_timeout, atom::due_v, static_cast<std::uint32_t>(options.batch))
      .then(
          [this](const JobList& due) {
            remove_blobs_of(due);
            find_old_blobs();
          },
          [this](const caf::error& error) {
            note_error("janitor cannot find expired jobs", error);
            find_old_blobs();
          });
}

void JanitorState::find_old_blobs() {
  auto walk = blobs->walk();
  if (!walk) {
    note_error("janitor cannot list the blobs", to_error(walk.error()));
    remove_temporaries();
    return;
  }
  sweep->walk = std::move(*walk);
  check_some_blobs();
}

void JanitorState::check_some_blobs() {
  const auto horizon = wall_clock() - options.orphan_age;
  KeyList old_blobs;
  for (std::size_t seen = 0; seen < blobs_in_a_step && old_blobs.keys.size() < options.batch;
       ++seen) {
    auto blob = sweep->walk->next();
    if (!blob) note_error("janitor cannot list the blobs", to_error(blob.error()));
    if (blob && !*blob) note_census();
    if (!blob || !*blob) {
      sweep->walk.reset();
      break;
    }
    ++sweep->blobs;
    sweep->blob_bytes += (*blob)->bytes;
    if ((*blob)->modified_at > horizon) continue;
    // A name that is not one of ours is left to whoever put it there.
    if (may_be_orphan((*blob)->key)) old_blobs.keys.push_back(std::move((*blob)->key));
  }
  if (old_blobs.keys.empty()) {
    go_on_with_blobs();
  } else {
    remove_orphans(std::move(old_blobs));
  }
}

// Orphans among them are few, and are gone at the next count.
void JanitorState::note_census() {
  if (!options.census) return;
  options.census->note(
      {.blobs = sweep->blobs, .bytes = sweep->blob_bytes, .counted_at = wall_clock()});
}

// Nearly all blobs have their job, and the registry has other things to do than to say so.
bool JanitorState::may_be_orphan(const std::string& key) const {
  const auto id = jobs::job_of_blob(key);
  if (!id) return false;
  const auto job = job_store->get(*id);
  return !job || !*job || !jobs::needs_blob(**job, key);
}

void JanitorState::remove_orphans(KeyList old_blobs) {
  self->request(registry, registry_timeout, atom::orphans_v, std::move(old_blobs))
      .then(
          [this](const KeyList& orphans) {
            for (const auto& key : orphans.keys)
              remove_blob(key, sweep->report.orphaned_blobs);
            go_on_with_blobs();
          },
          [this](const caf::error& error) {
            note_error("janitor cannot look for orphaned blobs", error);
            sweep->walk.reset();
            remove_temporaries();
          });
}

void JanitorState::go_on_with_blobs() {
  if (sweep->walk) {
    self->send(self, atom::step_v);
  } else {
    remove_temporaries();
  }
}

void JanitorState::remove_temporaries() {
  auto removed = blobs->remove_stale_temporaries(wall_clock() - options.orphan_age);
  if (removed) {
    sweep->report.stale_temporaries += *removed;
  } else {
    note_error("janitor cannot remove stale temporary files", to_error(removed.error()));
  }
  end_sweep();
}

void JanitorState::end_sweep() {
  const auto done = std::exchange(sweep, std::nullopt);
  const auto& report = done->report;
  spdlog::info(
      "janitor swept expired_jobs={} removed_blobs={} orphaned_blobs={} stale_temporaries={} "
      "expired_records={} errors={}",
      report.expired_jobs, report.removed_blobs, report.orphaned_blobs, report.stale_temporaries,
      report.expired_records, report.errors);
  for (auto promise : done->waiting)
    promise.deliver(report);
  if (report.errors == 0) {
    retry = first_retry;
    schedule_tick(options.interval);
  } else {
    schedule_tick(std::min(retry, options.interval));
    retry = std::min(retry * 2, options.interval);
  }
}

void JanitorState::abandon_sweep() {
  const auto abandoned = std::exchange(sweep, std::nullopt);
  if (!abandoned) return;
  for (auto promise : abandoned->waiting)
    promise.deliver(make_error({ServiceErrorCode::unavailable, "The service is stopping."}));
}

void JanitorState::note_error(std::string_view what, const caf::error& error) {
  ++sweep->report.errors;
  if (error) {
    spdlog::warn("{}: {}", what, to_service_error(error).message);
  } else {
    spdlog::warn("{}", what);
  }
}

void JanitorState::remove_blobs_of(const JobList& expired) {
  for (const auto& job : expired.jobs) {
    for (const auto& key : jobs::blob_keys(job))
      remove_blob(key, sweep->report.removed_blobs);
  }
}

void JanitorState::remove_blob(const std::string& key, std::uint64_t& counter) {
  if (auto removed = blobs->remove(key); removed) {
    ++counter;
  } else {
    note_error("janitor cannot remove " + key, to_error(removed.error()));
  }
}

JanitorActor::behavior_type janitor(Self self, std::shared_ptr<persistence::BlobStore> blobs,
                                    std::shared_ptr<const persistence::JobStore> job_store,
                                    JanitorOptions options, jobs::WallClock wall_clock) {
  auto& state = self->state;
  state.blobs = std::move(blobs);
  state.job_store = std::move(job_store);
  state.options = std::move(options);
  state.wall_clock = std::move(wall_clock);
  state.retry = first_retry;
  state.schedule_tick(std::min(first_sweep, state.options.interval));
  self->set_exit_handler([self](caf::exit_msg& exit) {
    self->state.abandon_sweep();
    self->quit(std::move(exit.reason));
  });

  return {
      [self](atom::discard, const std::string& key) {
        if (auto removed = self->state.blobs->remove(key); !removed) {
          spdlog::warn("janitor cannot remove {}: {}", key, removed.error().message);
        }
      },
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
        self->state.begin_sweep();
      },
      [self](atom::step) {
        if (self->state.sweep && self->state.sweep->walk) self->state.check_some_blobs();
      },
      [self](atom::registry, JanitorRegistryActor& registry) {
        self->state.registry = std::move(registry);
      },
  };
}

}  // namespace darkroom::actors
