#include "persistence/lost_job_store.hpp"

#include <string>
#include <system_error>

#include "persistence/data_folder.hpp"
#include "persistence/file_blob_walk.hpp"

namespace darkroom::persistence {

namespace fs = std::filesystem;

tl::expected<void, StoreError> check_job_store_is_there(const fs::path& root) {
  const auto jobs = root / data_folder::jobs;
  const auto uploads = root / data_folder::uploads;
  std::error_code ignored;
  // Every RocksDB has that file; whether it is whole is found when it is opened.
  if (fs::exists(jobs / "CURRENT", ignored) || !fs::exists(uploads, ignored)) return {};
  auto walk = FileBlobWalk::begin(uploads);
  if (!walk) return tl::unexpected{walk.error()};
  const auto blob = (*walk)->next();
  if (!blob) return tl::unexpected{blob.error()};
  if (!*blob) return {};
  return tl::unexpected{StoreError{
      .code = StoreErrorCode::corrupt,
      .message = "there are files of jobs in " + uploads.string() + " and no job store in " +
                 jobs.string() +
                 "; put it back, mount its disk, or restore a backup into a new folder "
                 "(darkroom store restore). To start with nothing, move the whole data folder " +
                 root.string() + " away"}};
}

}  // namespace darkroom::persistence
