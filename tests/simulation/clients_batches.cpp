#include "tests/simulation/clients.hpp"
#include "tests/simulation/job_script.hpp"

// Uploads that come together; what http/batch_upload.cpp does with an answer is done here as there.

namespace darkroom::simulation {

void Clients::upload_batch() {
  if (stopped_ || !service_.ingest()) return;
  constexpr std::uint64_t most_files = 4;
  actors::NewBatch batch{.id = draw_job_id(world_.random, world_.wall.now()), .jobs = {}};
  for (auto left = 1 + world_.random.below(most_files); left > 0; --left) {
    auto picture = draw_picture();
    picture.key.clear();
    if (batch.jobs.empty()) batch.tenant = picture.tenant;
    picture.tenant = batch.tenant;
    const auto id = draw_job_id(world_.random, world_.wall.now());
    world_.checker.asked_to_create(id, picture.script, picture.key);
    batch.jobs.push_back(new_job(id, picture));
    // What is on disk by then is the janitor's.
    if (!write_blob(jobs::original_key(id, "jpg"), original_content(picture.script))) return;
  }
  create_batch(batch);
}

void Clients::create_batch(const actors::NewBatch& batch) {
  ask<actors::CreatedBatch>(
      [this](actors::CreatedBatch& created) {
        for (const auto& job : created.jobs) {
          world_.checker.acknowledged(job, {});
          look_after(job.id);
        }
      },
      [this, batch](const actors::ServiceError& error) {
        if (error.code == actors::ServiceErrorCode::unavailable) return;
        for (const auto& job : batch.jobs)
          (void)world_.blobs->remove(jobs::original_key(job.id, "jpg"));
      },
      atom::create_v, batch);
}

}  // namespace darkroom::simulation
