#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "jobs/job.hpp"
#include "persistence/error.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::persistence {

// Keys of the store's column families. Byte order of the keys is the order of the index.
//
//   jobs     id (16 bytes)                             -> the record, see job_record.hpp
//   ready    queue, one zero byte, priority (1), run_at (8), id (16)
//                                                      -> nothing; every unfinished job
//   expiry   expires_at (8), id (16)                   -> nothing; every job
//   failed   id (16)                                   -> nothing; every failed job
//   idempotency   the client's key; of a tenant: the tenant, one zero byte, the key
//                                                      -> id (16)
//   results  hash of file, renditions and tenant (64 hex digits), id (16)
//                                                      -> nothing; every completed job whose
//                                                         results may be taken for another
//   finished revision (8), id (16)                     -> nothing; every job in a final state
//   listing                                            -> see listing_keys.hpp
//   batches, outbox                                    -> see record_keys.hpp
//
// A queue name holds no zero byte, so the byte that ends it keeps the keys of "a" before and apart
// from those of "ab"; nor does an idempotency key or a tenant. A time is its milliseconds since
// 1970, big-endian, with the sign bit turned over so that times before 1970 come first.

/// The 8 bytes of a time.
[[nodiscard]] std::string time_key(jobs::Timestamp time);

/// The key in `jobs`.
[[nodiscard]] std::string job_key(const jobs::JobId& id);

// A null pointer below stands for no job.

/// The key in `ready`; nullopt where there is no job or it is finished.
[[nodiscard]] std::optional<std::string> ready_key(const jobs::Job* job);

/// The key in `expiry`; nullopt where there is no job.
[[nodiscard]] std::optional<std::string> expiry_key(const jobs::Job* job);

/// The key in `failed`; nullopt where there is no job or it has not failed.
[[nodiscard]] std::optional<std::string> failed_key(const jobs::Job* job);

/// The key in `idempotency`; nullopt where there is no job or it has none.
[[nodiscard]] std::optional<std::string> idempotency_key(const jobs::Job* job);
/// The one of a tenant's client; of nobody's where the tenant is empty.
[[nodiscard]] std::string idempotency_key(std::string_view tenant, std::string_view key);

/// The key in `finished`; nullopt where there is no job or it is not finished.
[[nodiscard]] std::optional<std::string> finished_key(const jobs::Job* job);

/// What the keys in `finished` of that revision begin with.
[[nodiscard]] std::string revision_key(std::uint64_t revision);

/// What a key in `results` begins with: SHA-256, in hex, over the file's own, what is asked for and
/// the tenant, if there is one.
[[nodiscard]] std::string results_hash(const jobs::Job& job);

/// The key in `results`; nullopt where there is no job or its results are not to be taken.
[[nodiscard]] std::optional<std::string> results_key(const jobs::Job* job);

/// The id at the end of a key of an index; nullopt where the key is too short.
[[nodiscard]] std::optional<jobs::JobId> id_of_index_key(std::string_view key);

/// One change for each job, in no order: from before its first one to after its last. Among those
/// one job's old key may be another one's new key, so whatever goes must go first.
[[nodiscard]] std::vector<JobChange> net_changes(std::span<const JobChange> changes);

/// Refuses (bad_key) what the keys cannot hold: a nil id, or a queue name that is empty, has a zero
/// byte or is not UTF-8.
[[nodiscard]] tl::expected<void, StoreError> check_changes(std::span<const JobChange> changes);

}  // namespace darkroom::persistence
