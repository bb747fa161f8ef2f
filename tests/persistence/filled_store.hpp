#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "jobs/job.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/job_store.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::persistence {

/// A data folder with a job store and blobs, as `serve` has them open.
class FilledStore {
 public:
  explicit FilledStore(const std::filesystem::path& root, const RocksOptions& options = {});

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] JobStore& jobs() { return *jobs_; }
  [[nodiscard]] BlobStore& blobs() { return *blobs_; }
  [[nodiscard]] std::shared_ptr<JobStore> shared_jobs() const { return jobs_; }

  /// A finished job with an original and three renditions, of `bytes` random bytes each.
  jobs::Job add_finished_job(std::size_t bytes = 1'000);
  /// One that waits for a worker; its original is there.
  jobs::Job add_pending_job();

  /// As the service does it: the record first, then the files.
  void remove_job(const jobs::Job& job);

  /// Makes every file look as if it had been written an hour ago.
  void age_files() const;

 private:
  /// Writes a blob and tells of it in `bytes` and `sha256`.
  void put_blob(const std::string& key, std::size_t size, std::uint64_t& bytes,
                std::string& sha256);

  std::filesystem::path root_;
  std::unique_ptr<BlobStore> blobs_;
  std::shared_ptr<JobStore> jobs_;
};

/// Every job of the store below `root`, read as it is on disk.
[[nodiscard]] std::vector<jobs::Job> jobs_in(const std::filesystem::path& root);

/// Turns over one bit in the middle of the file.
void flip_bit(const std::filesystem::path& file);

}  // namespace darkroom::persistence
