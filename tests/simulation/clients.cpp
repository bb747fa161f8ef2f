#include "tests/simulation/clients.hpp"

#include <chrono>
#include <deque>
#include <span>
#include <utility>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "tests/simulation/job_script.hpp"

namespace darkroom::simulation {
namespace {

using namespace std::chrono_literals;
using actors::ServiceErrorCode;

/// Asks what has gathered, in the context of an actor, as CAF wants it.
caf::behavior asker(caf::event_based_actor* self,
                    std::deque<std::function<void(caf::event_based_actor*)>>* questions) {
  return {[self, questions](atom::run) {
    for (const auto& ask : std::exchange(*questions, {}))
      ask(self);
  }};
}

}  // namespace

Clients::Clients(World& world, ServiceNode& service) : world_(world), service_(service) {
  asker_ =
      world_.system.place(VirtualSystem::outside, world_.system.actors().spawn(asker, &questions_));
}

void Clients::begin() {
  for (std::uint32_t i = 0; i < world_.plan.jobs; ++i) {
    world_.system.after(world_.random.between(0ms, world_.plan.duration * 3 / 4),
                        [this] { upload_some(); });
  }
  if (world_.plan.retry_all) world_.system.after(world_.random.wait(10s), [this] { retry_all(); });
  operate();
}

void Clients::upload_some() {
  if (world_.random.chance(world_.plan.batch)) {
    upload_batch();
  } else {
    upload(draw_picture());
  }
}

Clients::Picture Clients::draw_picture() {
  Picture picture{.script = draw_job_script(world_.plan, world_.random), .key = {}};
  picture.script.picture = ++last_picture_;
  if (world_.random.chance(world_.plan.reuse)) {
    picture.reusable = true;
    if (!reusable_.empty() && world_.random.chance(0.6)) {
      picture.script = world_.random.one_of(reusable_);
    } else {
      reusable_.push_back(picture.script);
    }
  }
  if (world_.random.chance(world_.plan.idempotency_key)) {
    picture.key = fmt::format("key-{}", ++last_key_);
  }
  if (world_.plan.two_queues) picture.tenant = fmt::format("tenant-{}", world_.random.below(3));
  return picture;
}

void Clients::upload(const Picture& picture) {
  if (stopped_ || !service_.ingest()) return;
  const auto id = draw_job_id(world_.random, world_.wall.now());
  world_.checker.asked_to_create(id, picture.script, picture.key);
  if (!write_blob(jobs::original_key(id, "jpg"), original_content(picture.script))) return;
  // The machine may do other things between the two.
  world_.system.after(world_.random.between(0ms, 50ms),
                      [this, id, picture, life = service_.life()] {
                        if (life == service_.life()) create(id, picture);
                      });
}

bool Clients::write_blob(const std::string& key, std::string_view content) {
  auto writer = world_.blobs->create();
  return writer && (*writer)->write(std::as_bytes(std::span{content})) && (*writer)->finish() &&
         (*writer)->commit(key);
}

void Clients::upload_later(const Picture& picture) {
  world_.system.after(world_.random.between(100ms, 5s), [this, picture] { upload(picture); });
}

actors::NewJob Clients::new_job(const jobs::JobId& id, const Picture& picture) {
  actors::NewJob job;
  job.id = id;
  job.preset = jobs::default_preset().name;
  job.original.blob_key = jobs::original_key(id, "jpg");
  job.original.format = "jpeg";
  job.original.content_type = "image/jpeg";
  job.original.sha256 = digest(original_content(picture.script));
  job.original.bytes = original_content(picture.script).size();
  job.original.width = 100;
  job.original.height = 100;
  job.info = {.width = 100, .height = 100};
  if (!picture.key.empty()) job.idempotency = {.key = picture.key, .fingerprint = "the same"};
  job.reusable = picture.reusable;
  if (world_.plan.two_queues) {
    job.queue = world_.random.chance(0.5) ? "media" : "default";
    job.priority = static_cast<jobs::Priority>(world_.random.below(3));
  }
  job.tenant = picture.tenant;
  return job;
}

void Clients::create(const jobs::JobId& id, const Picture& picture) {
  const auto job = new_job(id, picture);
  if (picture.reusable) {
    reuse_results(picture, job);
  } else {
    create_job(picture, job);
  }
  // Whose service has died hears nothing, and sends its picture again some time later.
  if (picture.key.empty()) return;
  world_.system.after(10s, [this, picture, life = service_.life()] {
    if (life != service_.life()) upload(picture);
  });
}

void Clients::create_job(const Picture& picture, const actors::NewJob& job) {
  ask<actors::CreatedJob>(
      [this, picture, id = job.id](actors::CreatedJob& reply) { created(picture, id, reply); },
      [this, picture, id = job.id](const actors::ServiceError& error) {
        refused(picture, id, error);
      },
      atom::create_v, job);
}

void Clients::reuse_results(const Picture& picture, const actors::NewJob& job) {
  ask<actors::JobList>(
      [this, picture, job](actors::JobList& found) {
        if (found.jobs.empty()) {
          create_job(picture, job);
        } else {
          take_results(picture, job, found.jobs.front());
        }
      },
      [this, picture, job](const actors::ServiceError&) { create_job(picture, job); },
      atom::results_v, job);
}

void Clients::take_results(const Picture& picture, const actors::NewJob& job,
                           const jobs::Job& donor) {
  std::vector<std::string> copies;
  const auto remove_copies = [this](const std::vector<std::string>& keys) {
    for (const auto& key : keys)
      (void)world_.blobs->remove(key);
  };
  for (const auto& rendition : donor.renditions) {
    const auto* blob = world_.blobs->find(rendition.blob_key);
    copies.push_back(jobs::rendition_key(job.id, rendition.spec, 1));
    if (blob != nullptr && write_blob(copies.back(), std::string{blob->content})) continue;
    remove_copies(copies);
    create_job(picture, job);
    return;
  }
  ask<actors::CreatedJob>(
      [this, picture, id = job.id, copies, remove_copies](actors::CreatedJob& reply) {
        if (reply.replayed) remove_copies(copies);
        created(picture, id, reply);
      },
      [this, picture, job, copies, remove_copies](const actors::ServiceError& error) {
        if (error.code == ServiceErrorCode::unavailable) {
          refused(picture, job.id, error);
          return;
        }
        remove_copies(copies);
        create_job(picture, job);
      },
      atom::create_v, job, donor);
}

void Clients::created(const Picture& picture, const jobs::JobId& id,
                      const actors::CreatedJob& created) {
  world_.checker.acknowledged(created.job, picture.key);
  // As http/upload.cpp: nothing refers to the file that came now.
  if (created.replayed) (void)world_.blobs->remove(jobs::original_key(id, "jpg"));
  if (world_.random.chance(world_.plan.lost_answer)) {
    // The client has not heard, and sends its picture again.
    upload_later(picture);
    return;
  }
  look_after(created.job.id);
}

void Clients::refused(const Picture& picture, const jobs::JobId& id,
                      const actors::ServiceError& error) {
  // As there: without an answer nobody knows whether the job exists.
  if (error.code != ServiceErrorCode::unavailable) {
    (void)world_.blobs->remove(jobs::original_key(id, "jpg"));
  }
  if (world_.random.chance(0.5)) upload_later(picture);
}

void Clients::look_after(const jobs::JobId& id) {
  const auto some_time_later = [this, id](void (Clients::*what)(const jobs::JobId&)) {
    world_.system.after(world_.random.wait(5s), [this, id, what] {
      if (!stopped_) (this->*what)(id);
    });
  };
  for (auto left = world_.random.below(4); left > 0; --left)
    some_time_later(&Clients::read);
  if (world_.random.chance(world_.plan.cancel)) some_time_later(&Clients::cancel);
  if (world_.random.chance(world_.plan.retry)) {
    some_time_later(&Clients::retry);
    some_time_later(&Clients::retry);
  }
  if (world_.random.chance(world_.plan.remove)) {
    world_.system.after(world_.random.wait(8s), [this, id] { remove(id, 3); });
  }
}

void Clients::cancel(const jobs::JobId& id) {
  world_.checker.asked_to_cancel(id);
  ask<jobs::Job>([this](jobs::Job& job) { world_.checker.change_acknowledged(job); },
                 [](const actors::ServiceError&) {}, atom::cancel_v, id);
}

void Clients::retry(const jobs::JobId& id) {
  world_.checker.asked_to_retry(id);
  ask<jobs::Job>([this](jobs::Job& job) { world_.checker.change_acknowledged(job); },
                 [](const actors::ServiceError&) {}, atom::retry_v, id);
}

void Clients::retry_all() {
  if (stopped_) return;
  world_.checker.asked_to_retry_all();
  const auto limit = static_cast<std::uint32_t>(1 + world_.random.below(10));
  ask<actors::RetriedJobs>([](const actors::RetriedJobs&) {}, [](const actors::ServiceError&) {},
                           atom::retry_v, jobs::JobId{}, limit);
  world_.system.after(world_.random.wait(10s), [this] { retry_all(); });
}

void Clients::read(const jobs::JobId& id) {
  ask<jobs::Job>([this](jobs::Job& job) { world_.checker.was_read(job); },
                 [this, id](const actors::ServiceError& error) {
                   if (error.code == ServiceErrorCode::unknown_job) world_.checker.was_missing(id);
                 },
                 atom::get_v, id);
}

void Clients::remove(const jobs::JobId& id, std::uint32_t tries) {
  if (stopped_ || tries == 0) return;
  world_.checker.asked_to_remove(id);
  ask<jobs::Job>(
      [this](jobs::Job& job) {
        world_.checker.removal_acknowledged(job.id);
        for (const auto& key : jobs::blob_keys(job))
          (void)world_.blobs->remove(key);
      },
      [this, id, tries](const actors::ServiceError& error) {
        if (error.code == ServiceErrorCode::unknown_job) return;
        world_.system.after(world_.random.between(500ms, 5s),
                            [this, id, tries] { remove(id, tries - 1); });
      },
      atom::remove_v, id);
}

}  // namespace darkroom::simulation
