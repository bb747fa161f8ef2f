#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "jobs/job_id.hpp"
#include "tests/simulation/fault_plan.hpp"
#include "tests/simulation/seeded_random.hpp"

namespace darkroom::simulation {

/// What a job is like, as only the simulation knows.
struct JobScript {
  enum class Kind : std::uint8_t { good, poison, permanent, transient, hang };

  Kind kind = Kind::good;
  std::uint64_t picture = 0;          ///< The same number, the same file.
  std::uint32_t failures = 0;         ///< Of a transient one: how often it fails before it passes.
  std::size_t trouble_at = 0;         ///< The rendition at which it fails, kills or hangs.
  std::chrono::milliseconds work{0};  ///< For each rendition.
};

[[nodiscard]] JobScript draw_job_script(const FaultPlan& plan, SeededRandom& random);

[[nodiscard]] std::string_view to_string(JobScript::Kind kind);

/// What the original of such a job holds, and each of its renditions.
[[nodiscard]] std::string original_content(const JobScript& script);
[[nodiscard]] std::string rendition_content(const JobScript& script, std::string_view rendition);

/// Stands for a SHA-256: 64 hexadecimal digits that differ where the content does.
[[nodiscard]] std::string digest(std::string_view content);

/// An id as the service makes them, but from the seed.
[[nodiscard]] jobs::JobId draw_job_id(SeededRandom& random, jobs::Timestamp now);

}  // namespace darkroom::simulation
