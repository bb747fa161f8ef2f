#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "jobs/job_id.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/error.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::persistence {

// Keys of the column families of records that are no jobs. The first byte says what an entry is:
//
//   batches   b, id                        -> the record, see packed_batch.hpp
//             o, id                        -> nothing; every batch that is not completed
//             x, expires_at (8), id        -> nothing; every batch
//   outbox    d, id                        -> the record, see packed_delivery.hpp
//             q, due_at (8), id            -> nothing; every delivery that is to be tried
//             j, id of its subject, id     -> nothing; every delivery
//             x, expires_at (8), id        -> nothing; every delivery
//
// The entries follow from the record, so whoever changes one stages the record alone.

namespace record_prefix {
inline constexpr char expiry = 'x';
inline constexpr char open = 'o';
inline constexpr char due = 'q';
inline constexpr char subject = 'j';
}  // namespace record_prefix

/// The key of the record itself.
[[nodiscard]] std::string record_key(Record kind, const jobs::JobId& id);

/// The first byte of those.
[[nodiscard]] char record_prefix_of(Record kind);

/// The keys of a record's other entries, in order. The error says why it cannot be read.
[[nodiscard]] tl::expected<std::vector<std::string>, std::string> record_index_keys(
    Record kind, std::string_view record);

/// One change for each record, from before its first one to after its last.
[[nodiscard]] std::vector<RecordChange> net_changes(std::span<const RecordChange> changes);

/// Refuses (bad_key) a record that cannot be read, or that is not of the id that it is said to be.
[[nodiscard]] tl::expected<void, StoreError> check_changes(std::span<const RecordChange> changes);

}  // namespace darkroom::persistence
