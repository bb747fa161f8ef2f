#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "actors/batch_state.hpp"
#include "actors/message_types.hpp"
#include "persistence/packed_batch.hpp"

// The form on the wire of batches. A change of that changes `wire_version`.

namespace darkroom::jobs {

/// As the job store keeps it.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, Batch& x) {
  std::string record;
  if constexpr (Inspector::reads_state) record = persistence::pack_batch(x);
  auto take = [&]() -> caf::error {
    auto batch = persistence::unpack_batch(record);
    if (!batch) return caf::sec::invalid_argument;
    x = std::move(*batch);
    return caf::none;
  };
  return f(caf::meta::type_name("batch"), record, caf::meta::load_callback(take));
}

}  // namespace darkroom::jobs

namespace darkroom::actors {

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, BatchState& x) {
  std::vector<std::uint32_t> counts{x.counts.begin(), x.counts.end()};
  auto take = [&]() -> caf::error {
    if (counts.size() != x.counts.size()) return caf::sec::invalid_argument;
    std::copy(counts.begin(), counts.end(), x.counts.begin());
    return caf::none;
  };
  return f(caf::meta::type_name("batch_state"), x.batch, counts, x.revision,
           caf::meta::load_callback(take));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, CreatedBatch& x) {
  return f(caf::meta::type_name("created_batch"), x.batch, x.jobs, x.replayed);
}

}  // namespace darkroom::actors
