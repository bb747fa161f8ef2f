#include "persistence/store_figures.hpp"

#include <map>
#include <string_view>
#include <utility>

#include <rocksdb/db.h>
#include <rocksdb/metadata.h>

#include "persistence/data_folder.hpp"
#include "persistence/file_blob_walk.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

void add(StoreFigures::Files& files, std::uint64_t bytes) {
  ++files.files;
  files.bytes += bytes;
}

/// The regular files right in `folder` whose names end with `extension`; all where it is empty.
tl::expected<StoreFigures::Files, StoreError> files_in(const fs::path& folder,
                                                       std::string_view extension) {
  StoreFigures::Files files;
  std::error_code error;
  for (fs::directory_iterator entry{folder, error}; !error && entry != fs::directory_iterator{};
       entry.increment(error)) {
    if (!extension.empty() && entry->path().extension() != extension) continue;
    if (const auto facts = look_at_file(entry->path())) add(files, facts->bytes);
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return tl::unexpected{error_from_errno(error.value(), "cannot list " + folder.string())};
  }
  return files;
}

tl::expected<void, StoreError> measure_blobs(StoreFigures& figures, const fs::path& root) {
  auto walk = FileBlobWalk::begin(root / data_folder::uploads);
  if (!walk) return tl::unexpected{walk.error()};
  std::map<std::string, StoreFigures::Files> folders;
  while (true) {
    const auto blob = (*walk)->next();
    if (!blob) return tl::unexpected{blob.error()};
    if (!*blob) break;
    add(folders[fs::path{(*blob)->key}.parent_path().filename().string()], (*blob)->bytes);
    add(figures.blobs, (*blob)->bytes);
  }
  for (const auto& [name, content] : folders)
    figures.uploads.push_back({.name = name, .content = content});
  return {};
}

void measure_families(StoreFigures& figures, const RocksDatabase& database) {
  for (const auto& handle : database.families()) {
    rocksdb::ColumnFamilyMetaData files;
    database.db().GetColumnFamilyMetaData(handle.get(), &files);
    StoreFigures::Family family{
        .name = handle->GetName(), .entries = 0, .files = files.file_count, .bytes = files.size};
    (void)database.db().GetIntProperty(handle.get(), rocksdb::DB::Properties::kEstimateNumKeys,
                                       &family.entries);
    figures.tables.files += family.files;
    figures.tables.bytes += family.bytes;
    figures.families.push_back(std::move(family));
  }
}

}  // namespace

tl::expected<StoreFigures, StoreError> measure(const StoredJobs& stored, const fs::path& root) {
  StoreFigures figures;
  measure_families(figures, stored.database());
  const auto logs = files_in(root / data_folder::jobs, ".log");
  if (!logs) return tl::unexpected{logs.error()};
  figures.logs = *logs;
  const auto temporary = files_in(root / data_folder::temporary, {});
  if (!temporary) return tl::unexpected{temporary.error()};
  figures.temporary = *temporary;
  if (auto measured = measure_blobs(figures, root); !measured) {
    return tl::unexpected{measured.error()};
  }
  return figures;
}

}  // namespace darkroom::persistence
