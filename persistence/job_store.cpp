#include "persistence/job_store.hpp"

namespace darkroom::persistence {

tl::expected<JobStoreBackup, StoreError> JobStore::back_up(const std::filesystem::path& /*folder*/,
                                                           const GoesOn& /*goes_on*/) const {
  return tl::unexpected{StoreError{.code = StoreErrorCode::unwritable,
                                   .message = "this job store is not on disk, so there is nothing "
                                              "to back up"}};
}

}  // namespace darkroom::persistence
