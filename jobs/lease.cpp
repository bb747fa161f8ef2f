#include "jobs/lease.hpp"

#include "jobs/random.hpp"

namespace darkroom::jobs {

LeaseToken LeaseToken::generate() {
  return {.high = random_u64(), .low = random_u64()};
}

}  // namespace darkroom::jobs
