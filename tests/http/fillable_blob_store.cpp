#include "tests/http/fillable_blob_store.hpp"

namespace darkroom::http {

using persistence::StoreError;
using persistence::StoreErrorCode;

tl::expected<std::unique_ptr<persistence::BlobWriter>, StoreError> FillableBlobStore::create() {
  if (room_-- > 0) return store_->create();
  ++room_;
  return tl::unexpected{StoreError{.code = StoreErrorCode::no_space, .message = "full"}};
}

tl::expected<std::unique_ptr<persistence::BlobReader>, StoreError> FillableBlobStore::open(
    std::string_view key) const {
  return store_->open(key);
}

tl::expected<void, StoreError> FillableBlobStore::remove(std::string_view key) {
  return store_->remove(key);
}

tl::expected<std::unique_ptr<persistence::BlobWalk>, StoreError> FillableBlobStore::walk() const {
  return store_->walk();
}

tl::expected<void, StoreError> FillableBlobStore::check_writable() {
  return store_->check_writable();
}

tl::expected<std::size_t, StoreError> FillableBlobStore::remove_stale_temporaries(
    jobs::Timestamp before) {
  return store_->remove_stale_temporaries(before);
}

tl::expected<std::filesystem::path, StoreError> FillableBlobStore::local_path(
    std::string_view key) const {
  return store_->local_path(key);
}

}  // namespace darkroom::http
