#include "persistence/packed_job.hpp"

#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/job_record.hpp"
#include "tests/persistence/sample_job.hpp"

namespace darkroom::persistence {
namespace {

using testing::AllOf;
using testing::HasSubstr;

void expect_round_trip(const jobs::Job& job) {
  const auto read = unpack_job(pack_job(job));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(*read, job);
}

/// `record` with `bytes` in place of those at `position`.
std::string patched(std::string record, std::size_t position, std::string_view bytes) {
  return record.replace(position, bytes.size(), bytes);
}

TEST(PackedJob, RoundTripKeepsEveryMember) {
  expect_round_trip(full_job());
}

TEST(PackedJob, RoundTripKeepsAbsentMembersAbsent) {
  expect_round_trip(pending_job());
}

TEST(PackedJob, RoundTripKeepsAJobWhoseOriginalIsYetToBeFetched) {
  auto job = pending_job();
  job.original = {};
  job.original.filename = "photo.jpg";
  job.source_url = "https://example.org/photo.jpg";
  expect_round_trip(job);
}

TEST(PackedJob, RoundTripKeepsWhatIsNotTheDefault) {
  auto job = pending_job();
  job.queue = "";
  job.priority = 0;
  job.original.frames = 0;
  job.error_message = "";
  job.completed_at = jobs::Timestamp{};
  auto& spec = job.renditions.emplace_back().spec;
  spec.quality = 0;
  spec.effort = 0;
  spec.background = {0, 0, 0};
  spec.focus = jobs::FocalPoint{0, 0};
  spec.watermark =
      jobs::Watermark{.name = "", .image = "", .position = {}, .opacity = 0, .scale = 0};
  expect_round_trip(job);
}

TEST(PackedJob, RoundTripKeepsExtremeNumbers) {
  auto job = full_job();
  job.run_at = jobs::Timestamp::min();
  job.expires_at = jobs::Timestamp::max();
  job.original.bytes = std::numeric_limits<std::uint64_t>::max();
  job.original.width = std::numeric_limits<std::uint32_t>::max();
  job.renditions[0].spec.quality = std::numeric_limits<int>::min();
  job.renditions[0].spec.effort = std::numeric_limits<int>::max();
  job.renditions[0].spec.sharpen = -1e300;
  expect_round_trip(job);
}

TEST(PackedJob, KeepsTextByteForByte) {
  using namespace std::string_literals;
  for (const auto& name : {""s, "a\0b\x01\x7f\"\\"s, "caf\xE9.jpg"s, std::string(100'000, 'x')}) {
    auto job = pending_job();
    job.original.filename = name;
    expect_round_trip(job);
  }
}

TEST(PackedJob, KeepsHashesAndKeysOfAnyForm) {
  using namespace std::string_literals;
  const auto id = pending_job().id.to_string();
  for (const auto& hash : {""s, "00"s, std::string(32, '7'), std::string(64, 'F'),
                           std::string(64, 'g'), std::string(65, 'a')}) {
    auto job = pending_job();
    job.original.sha256 = hash;
    expect_round_trip(job);
  }
  for (const auto& key : {""s, "elsewhere.jpg"s, "\0"s}) {
    auto job = pending_job();
    job.original.blob_key = key;
    expect_round_trip(job);
    // With the job's own id in it, once and twice.
    job.original.blob_key = key + job.id.to_string();
    expect_round_trip(job);
    job.original.blob_key += "/" + job.id.to_string();
    expect_round_trip(job);
  }
}

TEST(PackedJob, IsMuchSmallerThanJson) {
  EXPECT_LT(3 * pack_job(full_job()).size(), encode_job(full_job()).size());
}

TEST(PackedJob, ReadsRecordsOfEarlierVersions) {
  const auto job = full_job();
  EXPECT_EQ(unpack_job(encode_job(job)), job);
}

/// As the version before wrote it, in hex: full_job() with one rendition.
constexpr std::string_view record_of_schema_4 =
    "0808121001a1fc830b767db09d5fa05d4cbe54e01aa00408011204736c6f7718c8012207706f737465727328"
    "80a0d5edee66308aa0d5edee66388ca0d5edee6640809088c0ef6648a2a0d5edee665211746865206469736b"
    "207761732066756c6c5a8d010a1775706c6f6164732f6f726967696e616c732f002e6a70671a0970686f746f"
    "2e6a7067220a696d6167652f6a7065672a046a7065673220aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaa4080e497d01248a51550b111580c621c4c454856366e574232796b3870796f30"
    "6164522a2e376b434d646e6a6a07233333363639396285010a230a07726573697a656418800820800828a401"
    "3a07726573697a656460ffffff0780010810011a1f75706c6f6164732f726573697a65642f002d726573697a"
    "65642e322e6a70672a0a696d6167652f6a7065673220bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
    "bbbbbbbbbbbbbbbbbbbb40b96048800850c4065a04736c6f776a3108011208776f726b65722d311882a0d5ed"
    "ee662084a0d5edee66280332136b696c6c6564206279207369676e616c2031316a1308021208776f726b6572"
    "2d321886a0d5edee66722208ffffffffffffffffff0110011a08776f726b65722d3220818080808080808080"
    "0178018001018a01190a1238653033393738652d343064352d3433646412036162639001019a011001a1fc83"
    "0b767db09d5fa05d4cbe54e1a00186a0d5edee66aa011036663462363631323132356662336130";

TEST(PackedJob, ReadsSchema4AndWritesItAsTheLatest) {
  std::string record;
  for (std::size_t i = 0; i < record_of_schema_4.size(); i += 2) {
    record +=
        static_cast<char>(std::stoi(std::string{record_of_schema_4.substr(i, 2)}, nullptr, 16));
  }
  const auto job = unpack_job(record);
  ASSERT_TRUE(job) << job.error();
  EXPECT_EQ(job->id.to_string(), "01a1fc83-0b76-7db0-9d5f-a05d4cbe54e0");
  EXPECT_EQ(job->queue, "slow");
  EXPECT_EQ(job->tenant, "6f4b6612125fb3a0");
  ASSERT_EQ(job->renditions.size(), 1U);
  EXPECT_EQ(job->renditions[0].spec, jobs::default_preset().renditions[0]);
  EXPECT_EQ(job->attempts.size(), 2U);
  EXPECT_TRUE(job->lease);
  // What came with schema 5.
  EXPECT_EQ(job->revision, 0U);
  EXPECT_EQ(job->batch, std::nullopt);
  EXPECT_EQ(job->metadata + job->callback_url + job->email + job->public_name + job->source_url +
                job->request_id + job->trace_parent,
            "");
  EXPECT_EQ(job->not_before, std::nullopt);
  EXPECT_EQ(job->renditions[0].milliseconds, 0U);
  record[1] = 2 * job_record_schema;
  EXPECT_EQ(pack_job(*job), record) << "it is what it was";
}

TEST(PackedJob, RefusesAHigherSchemaAndNamesBothVersions) {
  // Field 1, and the number of the schema doubled.
  const auto read = unpack_job(patched(pack_job(full_job()), 0, "\x08\x12"));
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error(), AllOf(HasSubstr("schema 9"), HasSubstr("up to schema 5;")));
}

TEST(PackedJob, StepsOverFieldsThatItDoesNotKnow) {
  const auto job = full_job();
  auto record = pack_job(job);
  record += "\x20\x05";                       // field 4, a number
  record += std::string{"\x2A\x03"} + "abc";  // field 5, bytes
  const auto read = unpack_job(record);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(*read, job);
}

TEST(PackedJob, SaysWhichFieldIsWrong) {
  EXPECT_EQ(unpack_job("\x08\x06").error(), "field 3 is missing");
  EXPECT_EQ(unpack_job("\x09\x06").error(), "field 1 is cut off");
  EXPECT_EQ(unpack_job("\x0A\x01z").error(), "field 1 is not a whole number");
  EXPECT_EQ(unpack_job("\x08\x06\x12\x01z").error(), "field 2 is not a job id");
  EXPECT_EQ(unpack_job("\x08\x06\x1A\x02\x08\x06").error(), "field 3.1 is of no known kind");
  EXPECT_EQ(unpack_job("\x08\x06\x1A\x04\x10\x01\x08\x01").error(), "field 3.2 is not text");
  EXPECT_EQ(unpack_job("\x08\x06\x1A\x02\x08").error(), "field 3 is cut off");
  EXPECT_EQ(unpack_job("\x08\x06\x1A\x01\x08").error(),
            "field 3.1 is followed by a number that does not end");
}

TEST(PackedJob, RefusesWhatIsNoRecord) {
  for (const std::string_view text : {"", " ", "rubbish", "\xFF", "{", "{}", "[]", "\x08"}) {
    EXPECT_FALSE(unpack_job(text)) << text;
  }
}

TEST(PackedJob, RefusesEveryTruncation) {
  const auto record = pack_job(full_job());
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_FALSE(unpack_job(std::string_view{record}.substr(0, size))) << size;
  }
}

TEST(PackedJob, SurvivesFlippedBits) {
  const auto record = pack_job(full_job());
  for (std::size_t bit = 0; bit < 8 * record.size(); ++bit) {
    auto damaged = record;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const auto read = unpack_job(damaged);
    // What can still be read must be a whole job again.
    if (read) {
      EXPECT_EQ(unpack_job(pack_job(*read)), read) << bit;
    }
  }
}

TEST(PackedJob, SurvivesRandomBytes) {
  std::mt19937 random{7};
  std::uniform_int_distribution<int> byte{0, 255};
  for (int round = 0; round < 20'000; ++round) {
    std::string record = "\x08\x06";
    record.resize(2 + static_cast<std::size_t>(byte(random)));
    for (std::size_t i = 2; i < record.size(); ++i)
      record[i] = static_cast<char>(byte(random));
    EXPECT_FALSE(unpack_job(record));
  }
}

}  // namespace
}  // namespace darkroom::persistence
