#pragma once

#include "persistence/job_store.hpp"

namespace rocksdb {
struct Options;
}

namespace darkroom::persistence {

/// How RocksDB is run: memory within the bounds of `options`, small logs, every check on. The same
/// for all column families.
[[nodiscard]] rocksdb::Options rocks_settings(const RocksOptions& options);

}  // namespace darkroom::persistence
