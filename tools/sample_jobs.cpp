#include "tools/sample_jobs.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

namespace darkroom::tools {
namespace {

constexpr std::uint64_t least_bytes = 1'000'000;

/// One round of SplitMix64 (Steele, Lea, Flood 2014): spreads the bits of a counter.
std::uint64_t mixed(std::uint64_t number) {
  number += 0x9E37'79B9'7F4A'7C15U;
  number = (number ^ (number >> 30U)) * 0xBF58'476D'1CE4'E5B9U;
  number = (number ^ (number >> 27U)) * 0x94D0'49BB'1331'11EBU;
  return number ^ (number >> 31U);
}

/// 64 hex digits that do not compress, as those of a real hash.
std::string sample_hash(std::uint64_t seed) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(64);
  for (std::uint64_t word = 0; word < 4; ++word) {
    auto bits = mixed(seed * 4 + word);
    for (int i = 0; i < 16; ++i, bits >>= 4U)
      text.push_back(digits[bits & 0xFU]);
  }
  return text;
}

jobs::Original sample_original(const jobs::JobId& id, std::uint64_t number) {
  return {.blob_key = jobs::original_key(id, "jpg"),
          .filename = "IMG_" + std::to_string(20'000'000 + number % 10'000'000) + ".jpg",
          .content_type = "image/jpeg",
          .format = "jpeg",
          .sha256 = sample_hash(number),
          .bytes = least_bytes + number,
          .width = 2725,
          .height = 2225};
}

void expect(const jobs::Transition& step) {
  if (!step) throw std::logic_error("a sample job cannot be finished");
}

}  // namespace

jobs::Job sample_job(const jobs::JobId& id, std::uint64_t number, jobs::Timestamp now) {
  static const auto preset = jobs::default_preset();
  return jobs::make_job(id, preset, sample_original(id, number), now, std::chrono::hours{24});
}

std::uint64_t number_of(const jobs::Job& job) {
  return job.original.bytes - least_bytes;
}

jobs::RenditionResult sample_result(const jobs::JobId& id, const jobs::RenditionSpec& spec) {
  const auto seed = std::hash<jobs::JobId>{}(id) + spec.width;
  return {.name = spec.name,
          .blob_key = jobs::rendition_key(id, spec, 1),
          .content_type = "image/jpeg",
          .sha256 = sample_hash(seed),
          .bytes = 90'000 + seed % 10'000,
          .width = 1024,
          .height = 836};
}

jobs::OriginalFindings sample_findings() {
  return {.blurhash = "LEHV6nWB2yk8pyo0adR*.7kCMdnj", .dominant_colour = "#336699"};
}

jobs::Timestamp numbered_time(std::uint64_t number) {
  constexpr jobs::Timestamp first{std::chrono::milliseconds{1'760'000'000'000}};
  return first + std::chrono::milliseconds{number};
}

jobs::JobId numbered_id(std::uint64_t number) {
  const auto millis = static_cast<std::uint64_t>(numbered_time(number).time_since_epoch().count());
  const auto high = mixed(2 * number);
  const auto low = mixed(2 * number + 1);
  jobs::JobId::Bytes bytes{};
  for (unsigned i = 0; i < 8; ++i) {
    bytes.at(i) = static_cast<std::uint8_t>(high >> (8 * i));
    bytes.at(i + 8) = static_cast<std::uint8_t>(low >> (8 * i));
  }
  for (unsigned i = 0; i < 6; ++i)
    bytes.at(i) = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
  bytes[6] = static_cast<std::uint8_t>(0x70U | (bytes[6] & 0x0FU));
  bytes[8] = static_cast<std::uint8_t>(0x80U | (bytes[8] & 0x3FU));
  return jobs::JobId{bytes};
}

jobs::Job finished_job(std::uint64_t number) {
  const auto id = numbered_id(number);
  const auto created = numbered_time(number);
  auto job = sample_job(id, number, created);
  // Far ahead, whatever the clock says: such a job is there to be looked at.
  job.expires_at = created + std::chrono::hours{24 * 3'650};
  const jobs::Lease lease{.token = {.high = mixed(number), .low = number},
                          .worker = {.name = "local-1", .incarnation = 1}};
  expect(jobs::start_attempt(job, lease, created + std::chrono::milliseconds{3}));
  for (const auto& rendition : jobs::Job{job}.renditions) {
    expect(jobs::finish_rendition(job, lease.token, sample_result(id, rendition.spec), created));
  }
  expect(jobs::note_findings(job, lease.token, sample_findings(), created));
  expect(jobs::complete(job, lease.token, created + std::chrono::milliseconds{180}));
  return job;
}

}  // namespace darkroom::tools
