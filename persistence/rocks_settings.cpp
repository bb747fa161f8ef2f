#include "persistence/rocks_settings.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdint>
#include <string>

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/sst_file_manager.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/table_properties_collectors.h>
#include <rocksdb/write_buffer_manager.h>

namespace darkroom::persistence {
namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20U;

/// Takes RocksDB's account of itself and drops it. Its own log file must not be used: Debian builds
/// RocksDB with assertions on, and on a full disk the second line that cannot be logged fails one,
/// which ends the process. What goes wrong comes back as a status all the same.
class NoLog final : public rocksdb::Logger {
 public:
  NoLog() : Logger(rocksdb::FATAL_LEVEL) {}
  using Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

rocksdb::CompressionType compression() {
  const auto built_in = rocksdb::GetSupportedCompressions();
  const bool has_lz4 =
      std::find(built_in.begin(), built_in.end(), rocksdb::kLZ4Compression) != built_in.end();
  return has_lz4 ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
}

void bound_memory(rocksdb::Options& settings, const RocksOptions& options) {
  constexpr int cache_shard_bits = 2;  // few, so that a shard of a small cache still holds a filter
  const auto cache = rocksdb::NewLRUCache(options.block_cache_bytes, cache_shard_bits);
  settings.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(options.write_buffer_bytes, cache);
  settings.write_buffer_size = options.write_buffer_bytes / 2;
  settings.max_open_files = options.max_open_files;

  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  constexpr double filter_bits_per_key = 10;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(filter_bits_per_key));
  settings.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
}

void bound_disk(rocksdb::Options& settings, const RocksOptions& options) {
  settings.max_total_wal_size = 4 * options.write_buffer_bytes;
  settings.max_manifest_file_size = 4 * mebibyte;
  settings.manifest_preallocation_size = mebibyte / 16;
  settings.info_log = std::make_shared<NoLog>();
  settings.stats_dump_period_sec = 0;
  settings.stats_persist_period_sec = 0;
}

/// A sync of the log waits for what the file system is busy with besides.
void spare_the_log(rocksdb::Options& settings) {
  // Else tens of megabytes of a new table are written out in one go.
  settings.bytes_per_sync = mebibyte;
  // Where the file system discards what is removed (ext4 with `discard`), removing a file of tens
  // of megabytes takes as many milliseconds. So files go in pieces, in the background, however many
  // are left over. Files with a second name go as they are, see HeldStore. Slower than that,
  // opening the store after a flood of writes would wait for them.
  constexpr auto removed_per_second = static_cast<std::int64_t>(128 * mebibyte);
  constexpr bool with_those_of_before = true;
  constexpr double most_left_over = 100;  // Times the size of the store.
  settings.sst_file_manager.reset(rocksdb::NewSstFileManager(
      rocksdb::Env::Default(), settings.info_log, std::string{}, removed_per_second,
      with_those_of_before, nullptr, most_left_over, mebibyte));
}

}  // namespace

rocksdb::Options rocks_settings(const RocksOptions& options) {
  rocksdb::Options settings;
  bound_memory(settings, options);
  bound_disk(settings, options);
  spare_the_log(settings);
  // The first two levels hold what is rewritten soon: to compress it would cost more than it saves.
  settings.compression_per_level = {rocksdb::kNoCompression, rocksdb::kNoCompression,
                                    compression()};
  settings.paranoid_checks = true;
  // Each write is synced before it is acknowledged and before the next begins, so a crash can leave
  // the last one half on disk and nothing else: a log that ends in the middle of a record is taken
  // up to there. Other damage lies in what was acknowledged, and must not be dropped unseen, as
  // RocksDB's default (kPointInTimeRecovery) does with all that follows it.
  settings.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // The indexes live by adding at one end and removing at the other. Without this, a scan from the
  // start would step over the marks of all entries removed since the last compaction.
  constexpr std::size_t window = 1024;
  constexpr std::size_t removals_in_window = 512;
  settings.table_properties_collector_factories.push_back(
      rocksdb::NewCompactOnDeletionCollectorFactory(window, removals_in_window));
  // Nearly all keys begin with a time that passes, of the job or of its end, so that each goes in
  // near the last one that began with the same byte, and need not be looked for from the top.
  // DeleteRange must not be used beside it: RocksDB 7.8.3 (db/memtable.cc, MemTable::Add) has the
  // marks of removed ranges use the same hints, which point into another list, so the keys that
  // follow would go into the wrong one. Mended by its change 12558, in later versions.
  settings.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
  return settings;
}

}  // namespace darkroom::persistence
