#pragma once

#include <cstddef>
#include <memory_resource>
#include <mutex>
#include <vector>

namespace darkroom::imaging {

/// Large blocks of memory that are kept when they are freed, for the next picture. A fresh block
/// costs a page fault, and a page to be zeroed, for each 4 KiB that is touched: a sixth of the CPU
/// time of a job on a photograph.
///
/// Never holds more at once than was in use at once (but for what sizes are rounded up by, a
/// sixteenth): before it takes fresh memory it gives back as much of what it keeps. Blocks of
/// less than 128 KiB go to new and delete.
///
/// Thread-safe. A process that wants it makes it std::pmr's default resource, from which planes and
/// coefficients are taken.
class BlockCache final : public std::pmr::memory_resource {
 public:
  /// `most_kept`: bytes; what is freed beyond them goes back to the system, that kept longest
  /// first. Memory that others take, codecs with malloc above all, comes on top of what is kept.
  explicit BlockCache(std::size_t most_kept);
  ~BlockCache() override;
  BlockCache(const BlockCache&) = delete;
  BlockCache& operator=(const BlockCache&) = delete;

  /// Gives everything back to the system that is not in use.
  void release() noexcept;

  /// Bytes that are kept and not in use.
  [[nodiscard]] std::size_t kept() const;

 private:
  struct Block {
    void* start = nullptr;
    std::size_t size = 0;
  };

  void* do_allocate(std::size_t bytes, std::size_t alignment) override;
  void do_deallocate(void* start, std::size_t bytes, std::size_t alignment) override;
  [[nodiscard]] bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override;

  /// A kept block of just this size, or null.
  [[nodiscard]] void* take(std::size_t size);
  /// Gives back the blocks kept longest, until `bytes` of them are gone or there are no more.
  void give_back(std::size_t bytes) noexcept;

  const std::size_t most_kept_;
  mutable std::mutex mutex_;
  std::vector<Block> blocks_;  ///< Those kept; the one kept longest comes first.
  std::size_t kept_ = 0;       ///< The sum of their sizes.
};

}  // namespace darkroom::imaging
