#pragma once

#include <atomic>
#include <limits>
#include <memory>
#include <string_view>

#include "persistence/blob_store.hpp"

namespace darkroom::http {

/// A store of files on a disk that can be filled up and emptied.
class FillableBlobStore final : public persistence::BlobStore {
 public:
  explicit FillableBlobStore(std::unique_ptr<persistence::BlobStore> store)
      : store_(std::move(store)) {}

  /// So many files more find room to begin.
  void has_room_for(int files) { room_ = files; }
  void is_full() { has_room_for(0); }
  void has_room_again() { has_room_for(std::numeric_limits<int>::max()); }

  tl::expected<std::unique_ptr<persistence::BlobWriter>, persistence::StoreError> create() override;
  tl::expected<std::unique_ptr<persistence::BlobReader>, persistence::StoreError> open(
      std::string_view key) const override;
  tl::expected<void, persistence::StoreError> remove(std::string_view key) override;
  tl::expected<std::unique_ptr<persistence::BlobWalk>, persistence::StoreError> walk()
      const override;
  tl::expected<void, persistence::StoreError> check_writable() override;
  tl::expected<std::size_t, persistence::StoreError> remove_stale_temporaries(
      jobs::Timestamp before) override;
  tl::expected<std::filesystem::path, persistence::StoreError> local_path(
      std::string_view key) const override;

 private:
  std::unique_ptr<persistence::BlobStore> store_;
  std::atomic<int> room_{std::numeric_limits<int>::max()};
};

}  // namespace darkroom::http
