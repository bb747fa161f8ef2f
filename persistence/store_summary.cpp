#include "persistence/store_summary.hpp"

#include <rocksdb/db.h>
#include <rocksdb/version.h>

#include "persistence/rocks_status.hpp"

namespace darkroom::persistence {
namespace {

std::string rocksdb_version() {
  return std::to_string(ROCKSDB_MAJOR) + "." + std::to_string(ROCKSDB_MINOR) + "." +
         std::to_string(ROCKSDB_PATCH);
}

void count(StoreSummary& summary, const StoredJob& stored) {
  summary.record_bytes += stored.bytes;
  if (!stored.job) {
    ++summary.damaged;
    if (summary.damaged_records.size() < StoreSummary::most_damaged) {
      summary.damaged_records.push_back(stored);
    }
    return;
  }
  const auto& job = *stored.job;
  ++summary.jobs;
  ++summary.by_status.at(static_cast<std::size_t>(job.status));
  if (is_final(job.status)) return;
  if (!summary.oldest_unfinished || job.created_at < summary.oldest_unfinished->created_at) {
    summary.oldest_unfinished = job;
  }
}

}  // namespace

tl::expected<StoreSummary, StoreError> summarise(const StoredJobs& stored) {
  const auto& database = stored.database();
  StoreSummary summary;
  summary.rocksdb_version = rocksdb_version();
  const auto read = database.db().Get({}, database.meta(), "schema", &summary.schema);
  if (!read.ok()) {
    return tl::unexpected{error_from_status(read, "cannot read " + database.name())};
  }
  const auto walked = stored.for_each([&](const StoredJob& record) {
    count(summary, record);
    return true;
  });
  if (!walked) return tl::unexpected{walked.error()};
  return summary;
}

}  // namespace darkroom::persistence
