#include "tests/imaging/memory/allocation_meter.hpp"

#include <atomic>
#include <cerrno>
#include <cstddef>

#include <malloc.h>

// glibc's own, for programs that replace malloc. Its manual ("Replacing malloc") lists what is to
// be replaced together.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
}

namespace {

std::atomic<std::int64_t> in_use{0};
std::atomic<std::int64_t> most_in_use{0};

std::int64_t size_of(void* memory) {
  return static_cast<std::int64_t>(malloc_usable_size(memory));
}

void* counted(void* memory) {
  const std::int64_t size = size_of(memory);
  const std::int64_t now = in_use.fetch_add(size) + size;
  std::int64_t most = most_in_use.load();
  while (now > most && !most_in_use.compare_exchange_weak(most, now)) {
  }
  return memory;
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) {
  return counted(__libc_malloc(size));
}

void* calloc(std::size_t count, std::size_t size) {
  return counted(__libc_calloc(count, size));
}

void* realloc(void* memory, std::size_t size) {
  // While it is moved both exist.
  const std::int64_t before = size_of(memory);
  void* const moved = __libc_realloc(memory, size);
  if (moved == nullptr && size != 0) return nullptr;
  counted(moved);
  in_use.fetch_sub(before);
  return moved;
}

void* memalign(std::size_t alignment, std::size_t size) {
  return counted(__libc_memalign(alignment, size));
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return memalign(alignment, size);
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  *memory = memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}

void free(void* memory) {
  in_use.fetch_sub(size_of(memory));
  __libc_free(memory);
}
}

namespace darkroom::imaging::testing {

AllocationMeter::AllocationMeter() : before_(in_use.load()) {
  most_in_use.store(before_);
}

std::uint64_t AllocationMeter::peak() const {
  return static_cast<std::uint64_t>(most_in_use.load() - before_);
}

}  // namespace darkroom::imaging::testing
