#include "imaging/block_cache.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <new>

#include <sys/mman.h>

namespace darkroom::imaging {
namespace {

constexpr std::size_t smallest = 128 << 10;
constexpr std::size_t page = 4 << 10;
/// More than a job has at once, so that it is hardly ever reached.
constexpr std::size_t most_blocks = 64;

bool is_large(std::size_t bytes, std::size_t alignment) {
  return bytes >= smallest && alignment <= page;
}

/// Sizes in steps of a sixteenth, so that pictures of nearly the same size share blocks.
std::size_t rounded(std::size_t bytes) {
  const std::size_t step = std::max(std::bit_floor(bytes) / 16, page);
  return (bytes + step - 1) / step * step;
}

/// Throws std::bad_alloc.
void* map(std::size_t size) {
  constexpr std::size_t huge_page = 2 << 20;
  constexpr int no_file = -1;
  void* const start =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, no_file, 0);
  if (start == MAP_FAILED) throw std::bad_alloc();
  // Fewer faults and fewer misses of the TLB, where the kernel has huge pages for who asks.
  if (size >= huge_page) static_cast<void>(madvise(start, size, MADV_HUGEPAGE));
  return start;
}

}  // namespace

BlockCache::BlockCache(std::size_t most_kept) : most_kept_(most_kept) {
  blocks_.reserve(most_blocks);
}

BlockCache::~BlockCache() {
  release();
}

void BlockCache::release() noexcept {
  const std::lock_guard lock(mutex_);
  for (const Block& block : blocks_)
    munmap(block.start, block.size);
  blocks_.clear();
  kept_ = 0;
}

std::size_t BlockCache::kept() const {
  const std::lock_guard lock(mutex_);
  return kept_;
}

void* BlockCache::do_allocate(std::size_t bytes, std::size_t alignment) {
  if (!is_large(bytes, alignment)) return ::operator new (bytes, std::align_val_t{alignment});
  const std::size_t size = rounded(bytes);
  {
    const std::lock_guard lock(mutex_);
    if (void* const kept = take(size)) return kept;
    give_back(size);
  }
  return map(size);
}

void BlockCache::do_deallocate(void* start, std::size_t bytes, std::size_t alignment) {
  if (!is_large(bytes, alignment)) {
    ::operator delete (start, std::align_val_t{alignment});
    return;
  }
  const std::lock_guard lock(mutex_);
  if (blocks_.size() == most_blocks) give_back(1);
  blocks_.push_back({start, rounded(bytes)});
  kept_ += rounded(bytes);
  if (kept_ > most_kept_) give_back(kept_ - most_kept_);
}

bool BlockCache::do_is_equal(const std::pmr::memory_resource& other) const noexcept {
  return this == &other;
}

void* BlockCache::take(std::size_t size) {
  // The one kept last is the most likely to be in the CPU's cache.
  const auto found = std::find_if(blocks_.rbegin(), blocks_.rend(),
                                  [&](const Block& block) { return block.size == size; });
  if (found == blocks_.rend()) return nullptr;
  void* const start = found->start;
  kept_ -= size;
  blocks_.erase(std::next(found).base());
  return start;
}

void BlockCache::give_back(std::size_t bytes) noexcept {
  std::size_t given = 0;
  auto last = blocks_.begin();
  for (; last != blocks_.end() && given < bytes; ++last) {
    munmap(last->start, last->size);
    given += last->size;
  }
  blocks_.erase(blocks_.begin(), last);
  kept_ -= given;
}

}  // namespace darkroom::imaging
