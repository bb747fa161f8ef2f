#include "persistence/job_store.hpp"

#include <utility>

#include "persistence/packed_batch.hpp"
#include "persistence/packed_delivery.hpp"
#include "persistence/rocks_status.hpp"

namespace darkroom::persistence {
namespace {

template <class Value>
tl::expected<std::optional<Value>, StoreError> unpacked(
    const tl::expected<std::optional<std::string>, StoreError>& record, const char* what,
    const jobs::JobId& id, tl::expected<Value, std::string> (*unpack)(std::string_view)) {
  if (!record) return tl::unexpected{record.error()};
  if (!*record) return std::nullopt;
  auto value = unpack(**record);
  if (value) return std::move(*value);
  return tl::unexpected{StoreError{.code = StoreErrorCode::corrupt,
                                   .message = "cannot read " + (what + id.to_string()) + ": " +
                                              value.error() + std::string{damage_remedy}}};
}

}  // namespace

tl::expected<std::optional<jobs::Batch>, StoreError> JobStore::batch(const jobs::JobId& id) const {
  return unpacked(record(Record::batch, id), "batch ", id, unpack_batch);
}

tl::expected<std::optional<jobs::Delivery>, StoreError> JobStore::delivery(
    const jobs::JobId& id) const {
  return unpacked(record(Record::delivery, id), "delivery ", id, unpack_delivery);
}

tl::expected<JobStoreBackup, StoreError> JobStore::back_up(const std::filesystem::path& /*folder*/,
                                                           const GoesOn& /*goes_on*/) const {
  return tl::unexpected{StoreError{.code = StoreErrorCode::unwritable,
                                   .message = "this job store is not on disk, so there is nothing "
                                              "to back up"}};
}

}  // namespace darkroom::persistence
