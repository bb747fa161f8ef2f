#pragma once

#include <cstdint>

namespace darkroom::imaging::testing {

/// The most memory that was allocated at once since this object was made, above what was allocated
/// then; by all threads, and by C libraries too. malloc and its kin are replaced by ones that
/// count, in every program that allocation_meter.cpp is linked into.
class AllocationMeter {
 public:
  AllocationMeter();

  [[nodiscard]] std::uint64_t peak() const;

 private:
  std::int64_t before_;
};

}  // namespace darkroom::imaging::testing
