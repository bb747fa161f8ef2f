#include "tests/simulation/seeded_random.hpp"

#include <cmath>

namespace darkroom::simulation {

std::uint64_t SeededRandom::next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
  return mixed ^ (mixed >> 31U);
}

std::uint64_t SeededRandom::below(std::uint64_t bound) {
  return next() % bound;
}

double SeededRandom::fraction() {
  return static_cast<double>(next() >> 11U) * 0x1.0p-53;
}

std::chrono::milliseconds SeededRandom::between(std::chrono::milliseconds least,
                                                std::chrono::milliseconds most) {
  const auto range = static_cast<std::uint64_t>((most - least).count()) + 1;
  return least + std::chrono::milliseconds{static_cast<std::int64_t>(below(range))};
}

std::chrono::milliseconds SeededRandom::wait(std::chrono::milliseconds mean) {
  const double times = -std::log(1.0 - fraction());
  return std::chrono::milliseconds{
      static_cast<std::int64_t>(times * static_cast<double>(mean.count()))};
}

}  // namespace darkroom::simulation
