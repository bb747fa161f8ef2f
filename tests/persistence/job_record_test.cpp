#include "persistence/job_record.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/persistence/sample_job.hpp"

namespace darkroom::persistence {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto position = text.find(from);
  EXPECT_NE(position, std::string::npos) << from;
  return position == std::string::npos ? text : text.replace(position, from.size(), to);
}

std::string filename_after_round_trip(std::string filename) {
  auto job = pending_job();
  job.original.filename = std::move(filename);
  const auto read = decode_job(encode_job(job));
  return read ? read->original.filename : "unreadable: " + read.error();
}

TEST(JobRecord, RoundTripKeepsEveryMember) {
  const auto job = full_job();
  const auto read = decode_job(encode_job(job));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(*read, job);
}

TEST(JobRecord, RoundTripKeepsAbsentMembersAbsent) {
  const auto job = pending_job();
  const auto read = decode_job(encode_job(job));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(*read, job);
}

TEST(JobRecord, RoundTripKeepsExtremeNumbers) {
  auto job = full_job();
  job.run_at = jobs::Timestamp::min();
  job.expires_at = jobs::Timestamp::max();
  job.original.bytes = std::numeric_limits<std::uint64_t>::max();
  job.original.width = std::numeric_limits<std::uint32_t>::max();
  job.renditions[0].spec.quality = std::numeric_limits<int>::min();
  const auto read = decode_job(encode_job(job));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(*read, job);
}

TEST(JobRecord, IsOneLineThatStartsWithTheSchema) {
  auto job = full_job();
  job.original.filename = "two\nlines\r";
  const auto record = encode_job(job);
  EXPECT_THAT(record, StartsWith(R"({"schema":5,"id":")"));
  EXPECT_EQ(record.find_first_of("\r\n"), std::string::npos);
}

TEST(JobRecord, WritesTimesAsMillisecondsAndRandomNumbersAsHex) {
  const auto record = encode_job(full_job());
  EXPECT_THAT(record, HasSubstr(R"("run_at":1767225600017,)"));
  EXPECT_THAT(record, HasSubstr(R"("token":"ffffffffffffffff0000000000000001")"));
  EXPECT_THAT(record, HasSubstr(R"("incarnation":"8000000000000001")"));
}

TEST(JobRecord, KeepsUnicodeAndControlCharactersInTheFileName) {
  using namespace std::string_literals;
  for (const auto& name : {"Käse 写真 \U0001F4F7.jpg"s, "a\0b\x01\x1f\x7f\"\\/</script>"s, ""s}) {
    EXPECT_EQ(filename_after_round_trip(name), name);
  }
}

TEST(JobRecord, RepairsFileNamesThatAreNotUtf8) {
  EXPECT_EQ(filename_after_round_trip("caf\xE9.jpg"), "caf\uFFFD.jpg");
  EXPECT_EQ(filename_after_round_trip("cut \xF0\x9F\x93"), "cut \uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(filename_after_round_trip("surrogate \xED\xA0\x80."), "surrogate \uFFFD\uFFFD\uFFFD.");
  EXPECT_EQ(filename_after_round_trip("overlong \xC0\xAF."), "overlong \uFFFD\uFFFD.");
}

TEST(JobRecord, IgnoresMembersThatItDoesNotKnow) {
  const auto job = full_job();
  auto record = replaced(encode_job(job), R"("preset":)", R"("later":{"a":[1]},"preset":)");
  record = replaced(std::move(record), R"("operation":)", R"("later":7,"operation":)");
  const auto read = decode_job(record);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(*read, job);
}

TEST(JobRecord, TakesNullForAnAbsentMember) {
  const auto job = pending_job();
  const auto read =
      decode_job(replaced(encode_job(job), R"("run_at":)", R"("lease":null,"run_at":)"));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(*read, job);
}

/// As version 0.1.0 wrote it.
constexpr std::string_view record_of_schema_1 =
    R"({"schema":1,"id":"01a1fc83-0b76-7db0-9d5f-a05d4cbe54e0","status":"pending",)"
    R"("queue":"default","priority":1,"preset":"default","created_at":1795237809023,)"
    R"("updated_at":1795237809023,"expires_at":1795324209023,"run_at":1795237809023,)"
    R"("original":{"blob_key":"uploads/originals/01a1fc83-0b76-7db0-9d5f-a05d4cbe54e0.jpg",)"
    R"("filename":"photo.jpg","content_type":"image/jpeg","format":"jpeg","sha256":"00",)"
    R"("bytes":829183,"width":2725,"height":2225},"renditions":[{"spec":{"name":"resized",)"
    R"("operation":"resize","width":1024,"height":1024,"quality":82,"format":"jpeg",)"
    R"("folder":"resized"},"status":"pending","blob_key":"","content_type":"","sha256":"",)"
    R"("bytes":0,"width":0,"height":0}],"attempts":[]})";

TEST(JobRecord, ReadsTheFirstSchemaAndWritesItAsTheLatest) {
  const auto job = decode_job(record_of_schema_1);
  ASSERT_TRUE(job) << job.error();
  EXPECT_EQ(job->original.frames, 1U);
  EXPECT_EQ(job->original.blurhash, std::nullopt);
  ASSERT_EQ(job->renditions.size(), 1U);
  EXPECT_EQ(job->renditions[0].spec, jobs::default_preset().renditions[0]);
  const auto rewritten = encode_job(*job);
  EXPECT_THAT(rewritten, StartsWith(R"({"schema":5,)"));
  EXPECT_EQ(decode_job(rewritten), job);
}

TEST(JobRecord, RefusesAHigherSchemaAndNamesBothVersions) {
  const auto read = decode_job(replaced(encode_job(full_job()), R"("schema":5)", R"("schema":9)"));
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error(), AllOf(HasSubstr("schema 9"), HasSubstr("schema 5;")));
}

struct WrongMember {
  const char* from;
  const char* to;
  const char* message;
};

class JobRecordMember : public testing::TestWithParam<WrongMember> {};

TEST_P(JobRecordMember, OfTheWrongKindIsRefusedByName) {
  const auto& [from, to, message] = GetParam();
  const auto read = decode_job(replaced(encode_job(full_job()), from, to));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error(), message);
}

INSTANTIATE_TEST_SUITE_P(
    All, JobRecordMember,
    testing::Values(
        WrongMember{R"("schema":5)", R"("schema":"1")",
                    "schema is not a whole number from -9223372036854775808 to "
                    "9223372036854775807"},
        WrongMember{R"("schema":5)", R"("schema":0)", "schema is not 1 or more"},
        WrongMember{R"("schema":5,)", "", "schema is missing"},
        WrongMember{R"("id":")", R"("id":"x)", "id is not a job id (a UUID of version 7)"},
        WrongMember{R"("status":"processing")", R"("status":"asleep")",
                    "status is not a known status"},
        WrongMember{R"("queue":"slow")", R"("queue":7)", "queue is not text"},
        WrongMember{R"("preset":)", R"("presets":)", "preset is missing"},
        WrongMember{R"("original":{)", R"("original":7,"x":{)", "original is not an object"},
        WrongMember{R"("width":2725)", R"("width":-1)",
                    "original.width is not a whole number from 0 to 4294967295"},
        WrongMember{R"("width":2725)", R"("width":4294967296)",
                    "original.width is not a whole number from 0 to 4294967295"},
        WrongMember{R"("width":2725)", R"("width":27.5)",
                    "original.width is not a whole number from 0 to 4294967295"},
        WrongMember{R"("operation":"compress")", R"("operation":"stretch")",
                    "renditions[1].spec.operation is not a known operation"},
        WrongMember{R"("renditions":[)", R"("renditions":[7,)", "renditions[0] is not an object"},
        WrongMember{R"("frames":12)", R"("frames":"12")",
                    "original.frames is not a whole number from 0 to 4294967295"},
        WrongMember{R"("fit":"cover")", R"("fit":"crop")",
                    "renditions[3].spec.fit is not a known fit"},
        WrongMember{R"("background":"#010203")", R"("background":"red")",
                    "renditions[3].spec.background is not a colour such as #ffffff"},
        WrongMember{R"("enlarge":true)", R"("enlarge":1)",
                    "renditions[3].spec.enlarge is not true or false"},
        WrongMember{R"("sharpen":0.7)", R"("sharpen":"much")",
                    "renditions[3].spec.sharpen is not a number"},
        WrongMember{R"("focus":{"x":0.1,)", R"("focus":{)",
                    "renditions[3].spec.focus.x is missing"},
        WrongMember{R"("watermark":{)", R"("watermark":7,"x":{)",
                    "renditions[3].spec.watermark is not an object"},
        WrongMember{R"("position":"southwest")", R"("position":"left")",
                    "renditions[3].spec.watermark.position is not a known position"},
        WrongMember{R"("attempts":[)", R"("attempts":7,"x":[)", "attempts is not a list"},
        WrongMember{R"("error":"killed)", R"("error":7,"x":"killed)",
                    "attempts[0].error is not text"},
        WrongMember{R"("outcome":"crashed")", R"("outcome":"fine")",
                    "attempts[0].outcome is not a known outcome"},
        WrongMember{R"("token":"f)", R"("token":"g)", "lease.token is not 32 hex digits"},
        WrongMember{R"("incarnation":"8)", R"("incarnation":")",
                    "lease.incarnation is not 16 hex digits"}));

TEST(JobRecord, RefusesWhatIsNoRecord) {
  for (const std::string_view text :
       {"", " ", "null", "7", "[]", "{}", "\"schema\"", "{]", "\xFF"}) {
    EXPECT_FALSE(decode_job(text)) << text;
  }
}

TEST(JobRecord, RefusesEveryTruncation) {
  const auto record = encode_job(full_job());
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_FALSE(decode_job(std::string_view{record}.substr(0, size))) << size;
  }
}

TEST(JobRecord, SurvivesAFlippedBitInEachByte) {
  const auto record = encode_job(full_job());
  for (std::size_t i = 0; i < record.size(); ++i) {
    auto damaged = record;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
    const auto read = decode_job(damaged);
    // What can still be read must be a whole job again.
    if (read) {
      EXPECT_TRUE(decode_job(encode_job(*read))) << damaged;
    }
  }
}

// Idempotency keys and results that are there already are found by it, also those of an older
// version: what is added to it must not show where it has its default.
TEST(JobRecord, WhatIsAskedForReadsTheSameInEveryVersion) {
  std::vector<jobs::Rendition> wish(1);
  wish[0].spec = jobs::default_preset().renditions.back();
  EXPECT_EQ(encode_specs(wish),
            R"({"renditions":[{"spec":{"name":"thumbnail","operation":"thumbnail","width":300,)"
            R"("height":300,"quality":80,"format":"jpeg","folder":"thumbnails","fit":"inside",)"
            R"("gravity":"centre","enlarge":false,"background":"#ffffff","lossless":false,)"
            R"("progressive":false,"subsampling":"auto","effort":4,"max_bytes":0,"sharpen":0.0,)"
            R"("linear_light":false,"keep_copyright":false}}]})");
}

TEST(JobRecord, SurvivesDeepNesting) {
  constexpr std::size_t deep = 1'000'000;
  EXPECT_FALSE(decode_job(std::string(deep, '[')));
  EXPECT_FALSE(decode_job(R"({"schema":)" + std::string(deep, '[') + std::string(deep, ']') + "}"));
}

}  // namespace
}  // namespace darkroom::persistence
