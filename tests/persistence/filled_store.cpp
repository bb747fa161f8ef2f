#include "tests/persistence/filled_store.hpp"

#include <chrono>
#include <fstream>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "jobs/random.hpp"
#include "persistence/stored_jobs.hpp"
#include "tests/persistence/sample_job.hpp"

namespace darkroom::persistence {

namespace fs = std::filesystem;

FilledStore::FilledStore(const fs::path& root, const RocksOptions& options)
    : root_(root),
      blobs_(open_file_blob_store(root).value()),
      jobs_(open_rocks_job_store(root / "jobs", options).value()) {}

void FilledStore::put_blob(const std::string& key, std::size_t size, std::uint64_t& bytes,
                           std::string& sha256) {
  std::vector<std::uint8_t> content(size);
  jobs::fill_random(content);
  auto writer = blobs_->create().value();
  ASSERT_TRUE(writer->write(std::as_bytes(std::span{content})));
  sha256 = writer->finish().value();
  bytes = size;
  ASSERT_TRUE(writer->commit(key));
}

jobs::Job FilledStore::add_pending_job() {
  auto job = pending_job();
  put_blob(job.original.blob_key, 500, job.original.bytes, job.original.sha256);
  for (const auto& spec : jobs::default_preset().renditions)
    job.renditions.emplace_back().spec = spec;
  EXPECT_TRUE(jobs_->commit(std::vector<JobChange>{{.before = {}, .after = job}}));
  return job;
}

jobs::Job FilledStore::add_finished_job(std::size_t bytes) {
  auto job = with_status(pending_job(), jobs::JobStatus::completed);
  put_blob(job.original.blob_key, bytes, job.original.bytes, job.original.sha256);
  for (const auto& spec : jobs::default_preset().renditions) {
    jobs::Rendition rendition;
    rendition.spec = spec;
    rendition.status = jobs::RenditionStatus::completed;
    rendition.blob_key = jobs::rendition_key(job.id, spec, 1);
    put_blob(rendition.blob_key, bytes, rendition.bytes, rendition.sha256);
    job.renditions.push_back(std::move(rendition));
  }
  EXPECT_TRUE(jobs_->commit(std::vector<JobChange>{{.before = {}, .after = job}}));
  return job;
}

void FilledStore::remove_job(const jobs::Job& job) {
  EXPECT_TRUE(jobs_->commit(std::vector<JobChange>{{.before = job, .after = {}}}));
  for (const auto& key : jobs::blob_keys(job))
    EXPECT_TRUE(blobs_->remove(key));
}

void FilledStore::age_files() const {
  const auto then = fs::file_time_type::clock::now() - std::chrono::hours{1};
  for (const auto& entry : fs::recursive_directory_iterator{root_ / "uploads"}) {
    if (entry.is_regular_file()) fs::last_write_time(entry.path(), then);
  }
}

std::vector<jobs::Job> jobs_in(const fs::path& root) {
  std::vector<jobs::Job> found;
  const auto stored = StoredJobs::open(root / "jobs", {});
  EXPECT_TRUE(stored) << stored.error().message;
  if (!stored) return found;
  EXPECT_TRUE(stored->for_each([&](const StoredJob& record) {
    EXPECT_TRUE(record.job) << record.job.error();
    if (record.job) found.push_back(*record.job);
    return true;
  }));
  return found;
}

void flip_bit(const fs::path& file) {
  std::fstream stream{file, std::ios::binary | std::ios::in | std::ios::out};
  const auto middle = static_cast<std::streamoff>(fs::file_size(file) / 2);
  stream.seekg(middle);
  const int byte = stream.get();
  stream.seekp(middle);
  stream.put(static_cast<char>(byte ^ 1));
  ASSERT_TRUE(stream.flush());
}

}  // namespace darkroom::persistence
