#include "tools/bench_accept.hpp"

#include <array>
#include <fstream>
#include <limits>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "imaging/limits.hpp"
#include "imaging/probe.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tools/disk_limit.hpp"
#include "tools/echo_server.hpp"
#include "tools/raw_connection.hpp"
#include "tools/sized_photo.hpp"

namespace darkroom::tools {
namespace {

using namespace testing;

imaging::EncodedImage whole_file(const SizedPhoto& photo, std::uint64_t number) {
  const auto start = photo.start(number);
  const auto bytes = std::as_bytes(std::span{start});
  imaging::EncodedImage file{bytes.begin(), bytes.end()};
  file.insert(file.end(), photo.rest().begin(), photo.rest().end());
  return file;
}

TEST(SizedPhoto, IsAPictureOfExactlySoManyBytesWhateverItsNumber) {
  for (const std::size_t bytes :
       {SizedPhoto::least_bytes, std::size_t{50'000}, std::size_t{800'000}}) {
    const auto photo = SizedPhoto::make(bytes);
    ASSERT_TRUE(photo) << photo.error();
    EXPECT_EQ(photo->size(), bytes);
    for (const std::uint64_t number :
         {std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max()}) {
      const auto file = whole_file(*photo, number);
      EXPECT_EQ(file.size(), bytes);
      const auto info = imaging::probe(file, imaging::no_limits);
      ASSERT_TRUE(info) << info.error().message;
      EXPECT_GE(info->width, 8U);
    }
    EXPECT_NE(whole_file(*photo, 1), whole_file(*photo, 2));
  }
}

TEST(EchoServer, AnswersEachRequestOnceItHasReadAllOfIt) {
  const auto server = EchoServer::start();
  ASSERT_TRUE(server) << server.error();
  auto connection = RawConnection::open((*server)->port());
  ASSERT_TRUE(connection) << connection.error();
  const std::string header = "POST / HTTP/1.1\r\nContent-Length: 300000\r\n\r\n";
  const std::string body(300'000, 'x');
  const std::array pieces{std::as_bytes(std::span{header}), std::as_bytes(std::span{body})};
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(connection->exchange(pieces), 201);
}

TEST(RawConnection, SaysThatNobodyListens) {
  const auto connection = RawConnection::open(1);
  ASSERT_FALSE(connection);
  EXPECT_THAT(connection.error(), HasSubstr("cannot connect"));
}

TEST(DiskLimit, SaysWhichFileCannotBeKept) {
  const tests::TemporaryFolder folder;
  const std::array<std::byte, 10> file{};
  const auto rate =
      durable_files_per_second(folder.path(), file, 2, std::chrono::milliseconds{100});
  ASSERT_TRUE(rate) << rate.error();
  EXPECT_GT(*rate, 0);
  // The names begin anew, and are taken.
  std::filesystem::remove_all(folder.path() / "files");
  std::ofstream{folder.path() / "files"};
  const auto refused =
      durable_files_per_second(folder.path(), file, 1, std::chrono::milliseconds{100});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error(), HasSubstr("files"));
}

AcceptLoadResult load_of(double rate, double p50) {
  AcceptLoadResult result;
  result.per_second = rate;
  result.answer = {.count = 100, .p50_ms = p50, .p95_ms = p50 * 2, .p99_ms = p50 * 3, .max_ms = 9};
  return result;
}

AcceptRow row_of(double rate) {
  AcceptRow row;
  row.bytes = 50'000;
  row.connections = 16;
  row.idle = load_of(rate, 5);
  row.saturated = load_of(rate / 2, 10);
  row.disk = 4'000;
  row.loopback = 40'000;
  return row;
}

TEST(BenchAccept, TheMiddleTurnCounts) {
  EXPECT_EQ(median_row({row_of(3), row_of(1), row_of(2)}).idle.per_second, 2);
  EXPECT_EQ(median_row({row_of(4), row_of(1), row_of(3), row_of(2)}).idle.per_second, 2);
  EXPECT_EQ(median_row({row_of(7)}).idle.per_second, 7);
}

TEST(BenchAccept, ComparesSlowClientsWithTheSlowerTimeWithoutThem) {
  SlowClientsRow slow;
  slow.without = load_of(100, 4);
  slow.with = load_of(80, 10);
  slow.after = load_of(90, 5);
  EXPECT_DOUBLE_EQ(slow.times_as_long(), 2);
  EXPECT_EQ(SlowClientsRow{}.times_as_long(), 0);
}

TEST(BenchAccept, ReportsTheSharesOfWhatDiskAndNetworkAllow) {
  AcceptReport report{.options = {}, .rows = {row_of(2'000)}, .slow = {}, .load = {}};
  report.slow.emplace();
  report.slow->clients = 500;
  report.slow->without = report.slow->after = load_of(100, 4);
  report.slow->with = load_of(80, 6);
  std::ostringstream json_text;
  write_accept_json(json_text, report);
  rapidjson::Document json;
  json.Parse(json_text.str().c_str());
  ASSERT_FALSE(json.HasParseError()) << json_text.str();
  const auto& row = json["rows"][0];
  EXPECT_DOUBLE_EQ(row["share_of_disk"].GetDouble(), 0.5);
  EXPECT_DOUBLE_EQ(row["share_of_loopback"].GetDouble(), 0.05);
  EXPECT_DOUBLE_EQ(row["saturated"]["answer"]["p99_ms"].GetDouble(), 30);
  EXPECT_DOUBLE_EQ(json["slow"]["times_as_long"].GetDouble(), 1.5);
  std::ostringstream table;
  write_accept_table(table, report);
  EXPECT_THAT(table.str(), HasSubstr("2000     5.0    15.0"));
  EXPECT_THAT(table.str(), HasSubstr("takes 1.50 times as long"));
  EXPECT_THAT(table.str(), Not(HasSubstr("ERROR")));
  EXPECT_FALSE(report.has_errors());
  report.rows.front().saturated.error_count = 3;
  report.rows.front().saturated.error = "an upload was answered 503";
  EXPECT_TRUE(report.has_errors());
  std::ostringstream with_errors;
  write_accept_table(with_errors, report);
  EXPECT_THAT(with_errors.str(), HasSubstr("ERROR, 3 times: an upload was answered 503"));
}

TEST(BenchAccept, SaysWhereCreatingFilesIsSlow) {
  AcceptReport report;
  report.file_creation = std::chrono::microseconds{12};
  std::ostringstream usual;
  write_accept_table(usual, report);
  EXPECT_THAT(usual.str(), HasSubstr("creating an empty file took 12 us\n"));
  report.file_creation = std::chrono::microseconds{830};
  std::ostringstream slow;
  write_accept_table(slow, report);
  EXPECT_THAT(slow.str(), HasSubstr("took 830 us, which makes all of this slow"));
}

TEST(BenchAccept, MeasuresAServiceThatItStartsAndWhatLimitsIt) {
  const tests::TemporaryFolder folder;
  AcceptOptions options;
  options.sizes = {5'000};
  options.connections = {2};
  options.seconds = 1;
  options.slow = 6;
  options.workers = 1;
  options.directory = folder.path();
  const auto report = bench_accept(options);
  ASSERT_TRUE(report) << report.error();
  EXPECT_FALSE(report->has_errors());
  ASSERT_EQ(report->rows.size(), 1U);
  const auto& row = report->rows.front();
  EXPECT_EQ(row.bytes, 5'000U);
  EXPECT_GT(row.idle.per_second, 0);
  EXPECT_GT(row.saturated.per_second, 0);
  EXPECT_GT(row.disk, 0);
  EXPECT_GT(row.loopback, row.idle.per_second);
  EXPECT_GT(report->file_creation.count(), 0);
  ASSERT_TRUE(report->slow);
  EXPECT_EQ(report->slow->connected, 6U);
  EXPECT_GT(report->slow->with.per_second, 0);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace darkroom::tools
