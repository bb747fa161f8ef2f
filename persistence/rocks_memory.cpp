#include "persistence/rocks_memory.hpp"

#include <rocksdb/db.h>

namespace darkroom::persistence {
namespace {

/// Of all column families; 0 where RocksDB does not know.
std::uint64_t sum(const RocksDatabase& database, const std::string& property) {
  std::uint64_t value = 0;
  return database.db().GetAggregatedIntProperty(property, &value) ? value : 0;
}

/// All column families share one cache, so any of them can tell.
std::uint64_t cache_usage(const RocksDatabase& database) {
  std::uint64_t value = 0;
  return database.db().GetIntProperty(rocksdb::DB::Properties::kBlockCacheUsage, &value) ? value
                                                                                         : 0;
}

}  // namespace

StoreMemory memory_of(const RocksDatabase& database, const RocksOptions& options) {
  using Properties = rocksdb::DB::Properties;
  return {.block_cache_bytes = cache_usage(database),
          .block_cache_limit = options.block_cache_bytes,
          .write_buffer_bytes = sum(database, Properties::kSizeAllMemTables),
          .write_buffer_limit = options.write_buffer_bytes,
          .table_reader_bytes = sum(database, Properties::kEstimateTableReadersMem)};
}

}  // namespace darkroom::persistence
