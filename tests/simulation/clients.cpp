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

constexpr std::chrono::seconds backend_timeout{10};

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

template <class Reply, class... Args>
void Clients::ask(std::function<void(Reply&)> answered,
                  std::function<void(const actors::ServiceError&)> failed, Args... args) {
  if (!service_.ingest()) {
    failed({ServiceErrorCode::unavailable, "The service is down."});
    return;
  }
  questions_.push_back([this, answered = std::move(answered), failed = std::move(failed),
                        ingest = service_.ingest(), life = service_.life(),
                        ... message = std::move(args)](caf::event_based_actor* self) {
    self->request(ingest, backend_timeout, message...)
        .then(
            [this, life, answered](Reply& reply) {
              if (life == service_.life()) answered(reply);
            },
            [this, life, failed](const caf::error& error) {
              if (life == service_.life()) failed(actors::to_service_error(error));
            });
  });
  caf::anon_send(asker_, atom::run_v);
}

void Clients::begin() {
  for (std::uint32_t i = 0; i < world_.plan.jobs; ++i) {
    world_.system.after(world_.random.between(0ms, world_.plan.duration * 3 / 4),
                        [this] { upload(); });
  }
}

void Clients::upload() {
  if (stopped_ || !service_.ingest()) return;
  const auto id = draw_job_id(world_.random, world_.wall.now());
  world_.checker.asked_to_create(id, draw_job_script(world_.plan, world_.random));
  const auto content = original_content(id);
  const auto key = jobs::original_key(id, "jpg");
  auto writer = world_.blobs->create();
  if (!writer || !(*writer)->write(std::as_bytes(std::span{content})) || !(*writer)->finish() ||
      !(*writer)->commit(key)) {
    return;
  }
  // Threads of their own write the file and ask for the job.
  world_.system.after(world_.random.between(0ms, 50ms), [this, id, key, life = service_.life()] {
    if (life == service_.life()) create(id, key);
  });
}

void Clients::create(const jobs::JobId& id, const std::string& key) {
  jobs::Original original;
  original.blob_key = key;
  original.format = "jpeg";
  original.content_type = "image/jpeg";
  original.sha256 = digest(original_content(id));
  original.bytes = original_content(id).size();
  original.width = 100;
  original.height = 100;
  ask<jobs::Job>([this](jobs::Job& job) { created(job); },
                 [this, key](const actors::ServiceError& error) { refused(key, error); },
                 atom::create_v,
                 actors::NewJob{.id = id,
                                .preset = jobs::default_preset().name,
                                .original = std::move(original),
                                .info = {.width = 100, .height = 100}});
}

void Clients::created(const jobs::Job& job) {
  world_.checker.acknowledged(job);
  if (world_.random.chance(world_.plan.lost_answer)) {
    // The client has not heard, and sends its picture again.
    world_.system.after(world_.random.between(100ms, 5s), [this] { upload(); });
    return;
  }
  look_after(job.id);
}

void Clients::refused(const std::string& key, const actors::ServiceError& error) {
  // As http/upload.cpp: without an answer nobody knows whether the job exists.
  if (error.code != ServiceErrorCode::unavailable) (void)world_.blobs->remove(key);
  if (world_.random.chance(0.5)) {
    world_.system.after(world_.random.between(500ms, 5s), [this] { upload(); });
  }
}

void Clients::look_after(const jobs::JobId& id) {
  for (auto left = world_.random.below(4); left > 0; --left) {
    world_.system.after(world_.random.wait(5s), [this, id] {
      if (!stopped_) read(id);
    });
  }
  if (world_.random.chance(world_.plan.remove)) {
    world_.system.after(world_.random.wait(4s), [this, id] { remove(id, 3); });
  }
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
