#include "tests/simulation/job_script.hpp"

#include <fmt/format.h>

#include "jobs/enum_names.hpp"

namespace darkroom::simulation {
namespace {

using namespace std::chrono_literals;

constexpr auto kind_names =
    jobs::enum_names<JobScript::Kind>("good", "poison", "permanent", "transient", "hang");

}  // namespace

JobScript draw_job_script(const FaultPlan& plan, SeededRandom& random) {
  JobScript script;
  script.trouble_at = static_cast<std::size_t>(random.below(3));
  script.work = random.chance(0.2) ? random.between(1s, 4s) : random.between(5ms, 800ms);
  if (random.chance(plan.poison)) {
    script.kind = JobScript::Kind::poison;
  } else if (random.chance(plan.permanent)) {
    script.kind = JobScript::Kind::permanent;
  } else if (random.chance(plan.hang)) {
    script.kind = JobScript::Kind::hang;
  } else if (random.chance(plan.transient)) {
    script.kind = JobScript::Kind::transient;
    script.failures = static_cast<std::uint32_t>(1 + random.below(6));
  }
  return script;
}

std::string_view to_string(JobScript::Kind kind) {
  return kind_names.name(kind);
}

std::string original_content(const JobScript& script) {
  return fmt::format("picture {}", script.picture);
}

std::string rendition_content(const JobScript& script, std::string_view rendition) {
  return fmt::format("{} of picture {}", rendition, script.picture);
}

std::string digest(std::string_view content) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : content)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return fmt::format("{:064x}", hash);
}

jobs::JobId draw_job_id(SeededRandom& random, jobs::Timestamp now) {
  jobs::JobId::Bytes bytes{};
  const auto millis = static_cast<std::uint64_t>(now.time_since_epoch().count());
  for (std::size_t i = 0; i < 6; ++i)
    bytes.at(i) = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  const auto high = random.next();
  const auto low = random.next();
  bytes[6] = static_cast<std::uint8_t>(0x70U | (high & 0x0FU));
  bytes[7] = static_cast<std::uint8_t>(high >> 8U);
  for (std::size_t i = 8; i < bytes.size(); ++i)
    bytes.at(i) = static_cast<std::uint8_t>(low >> (8 * (i - 8)));
  bytes[8] = static_cast<std::uint8_t>(0x80U | (bytes[8] & 0x3FU));
  return jobs::JobId{bytes};
}

}  // namespace darkroom::simulation
