#include "jobs/random.hpp"

#include <array>
#include <bit>
#include <cerrno>
#include <system_error>

#include <sys/random.h>

namespace darkroom::jobs {

void fill_random(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

std::uint64_t random_u64() {
  std::array<std::uint8_t, 8> bytes{};
  fill_random(bytes);
  return std::bit_cast<std::uint64_t>(bytes);
}

double random_fraction() {
  // As many bits as a double has for its digits.
  return static_cast<double>(random_u64() >> 11U) * 0x1.0p-53;
}

}  // namespace darkroom::jobs
