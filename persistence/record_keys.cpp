#include "persistence/record_keys.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "persistence/index_keys.hpp"
#include "persistence/packed_batch.hpp"
#include "persistence/packed_delivery.hpp"

namespace darkroom::persistence {
namespace {

std::string expiry_entry(jobs::Timestamp expires_at, const jobs::JobId& id) {
  return record_prefix::expiry + time_key(expires_at) + job_key(id);
}

/// What is wrong with one side of a change, if anything is.
std::optional<std::string> fault_of(Record kind, const jobs::JobId& id, std::string_view record) {
  const auto check = [&](const auto& read) -> std::optional<std::string> {
    if (!read) return read.error();
    if (read->id != id) return "it holds " + read->id.to_string();
    return std::nullopt;
  };
  return kind == Record::batch ? check(unpack_batch(record)) : check(unpack_delivery(record));
}

}  // namespace

char record_prefix_of(Record kind) {
  return kind == Record::batch ? 'b' : 'd';
}

std::string record_key(Record kind, const jobs::JobId& id) {
  return record_prefix_of(kind) + job_key(id);
}

tl::expected<std::vector<std::string>, std::string> record_index_keys(Record kind,
                                                                      std::string_view record) {
  std::vector<std::string> keys;
  if (kind == Record::batch) {
    const auto batch = unpack_batch(record);
    if (!batch) return tl::unexpected{batch.error()};
    if (!batch->completed_at) keys.push_back(record_prefix::open + job_key(batch->id));
    keys.push_back(expiry_entry(batch->expires_at, batch->id));
    return keys;
  }
  const auto delivery = unpack_delivery(record);
  if (!delivery) return tl::unexpected{delivery.error()};
  const auto id = job_key(delivery->id);
  keys.push_back(record_prefix::subject + job_key(delivery->subject) + id);
  if (delivery->status == jobs::DeliveryStatus::pending)
    keys.push_back(record_prefix::due + time_key(delivery->due_at) + id);
  keys.push_back(expiry_entry(delivery->expires_at, delivery->id));
  return keys;
}

std::vector<RecordChange> net_changes(std::span<const RecordChange> changes) {
  std::vector<RecordChange> net;
  net.reserve(changes.size());
  std::map<std::pair<Record, jobs::JobId>, std::size_t> places;
  for (const auto& change : changes) {
    const auto [place, is_new] = places.try_emplace({change.kind, change.id}, net.size());
    if (is_new) {
      net.push_back(change);
    } else {
      net[place->second].after = change.after;
    }
  }
  std::erase_if(net, [](const RecordChange& change) { return !change.before && !change.after; });
  return net;
}

tl::expected<void, StoreError> check_changes(std::span<const RecordChange> changes) {
  for (const auto& change : changes) {
    for (const auto* record : {&change.before, &change.after}) {
      if (!*record) continue;
      if (const auto fault = fault_of(change.kind, change.id, **record)) {
        return tl::unexpected{StoreError{
            .code = StoreErrorCode::bad_key,
            .message = std::string{change.kind == Record::batch ? "batch " : "delivery "} +
                       change.id.to_string() + " cannot be written: " + *fault}};
      }
    }
  }
  return {};
}

}  // namespace darkroom::persistence
