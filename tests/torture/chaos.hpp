#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "jobs/timestamp.hpp"
#include "tests/torture/service_under_test.hpp"

namespace darkroom::torture {

/// A worker that was killed while the service went on.
struct Kill {
  std::string worker;
  jobs::Timestamp at;
};

/// Does harm, one deed at a time, as a seed says.
class Chaos {
 public:
  Chaos(ServiceUnderTest& service, std::uint64_t seed) : service_(service), random_(seed) {}

  /// One deed at random, after which all processes run again. Throws std::runtime_error where the
  /// service cannot be started again.
  void strike();

  [[nodiscard]] const std::vector<Kill>& kills() const { return kills_; }
  /// How often each deed was done.
  [[nodiscard]] const std::map<std::string, int>& deeds() const { return deeds_; }

 private:
  [[nodiscard]] std::chrono::milliseconds between(int least_ms, int most_ms);
  void kill_worker();
  void stop_worker();

  ServiceUnderTest& service_;
  std::mt19937_64 random_;
  std::vector<Kill> kills_;
  std::map<std::string, int> deeds_;
};

}  // namespace darkroom::torture
