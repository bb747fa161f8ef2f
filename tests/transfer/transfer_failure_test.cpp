#include <chrono>
#include <future>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/blob_transfer.hpp"
#include "tests/files/content_of.hpp"
#include "tests/persistence/blob_bytes.hpp"
#include "tests/transfer/blob_server.hpp"
#include "tests/transfer/scripted_server.hpp"

// Against peers and networks that fail.

namespace darkroom::persistence {
namespace {

using std::chrono::steady_clock;
using tests::answer;
using tests::problem;
using tests::ScriptedReply;
using tests::ScriptedServer;

constexpr auto path = "/blobs/uploads/originals/a.jpg";
constexpr auto content = "0123456789";

class TransferFailure : public testing::Test {
 protected:
  [[nodiscard]] std::string fetched_from(const ScriptedServer& server,
                                         const std::stop_token& stop = {}) {
    BlobTransfer transfer{options_, server.port()};
    const auto outcome =
        transfer.download(path, {.sha256 = tests::sha256_of(content), .bytes = 10}, file_, stop);
    if (!outcome) return name_of(outcome.error());
    return tests::content_of(file_.path());
  }

  [[nodiscard]] std::string sent_to(const ScriptedServer& server) {
    BlobTransfer transfer{options_, server.port()};
    const auto outcome = transfer.upload(path, bytes_of(content), tests::sha256_of(content));
    return outcome ? "ok" : name_of(outcome.error());
  }

  static std::string name_of(const TransferError& error) {
    switch (error.code) {
      case TransferErrorCode::not_found:
        return "not_found";
      case TransferErrorCode::refused:
        return "refused";
      case TransferErrorCode::expired:
        return "expired";
      case TransferErrorCode::too_large:
        return "too_large";
      case TransferErrorCode::no_space:
        return "no_space";
      case TransferErrorCode::unwritable:
        return "unwritable";
      case TransferErrorCode::damaged:
        return "damaged";
      case TransferErrorCode::transient:
        return "transient";
      case TransferErrorCode::cancelled:
        break;
    }
    return "cancelled";
  }

  tests::TemporaryFolder folder_;
  FileDescriptor file_ =
      FileDescriptor::open(folder_.path() / "file", O_RDWR | O_CREAT, 0600).value();
  TransferOptions options_ = tests::quick_transfers();
};

TEST_F(TransferFailure, OfTheOtherSideIsTriedAgain) {
  for (const auto* status :
       {"500 Oops", "502 Bad Gateway", "503 Unavailable", "429 Too Many", "408 Too slow"}) {
    const ScriptedServer server{{{answer(status, "later")}, {answer("200 OK", content)}}};
    EXPECT_EQ(fetched_from(server), content) << status;
    EXPECT_EQ(server.requests(), 2U);
    const ScriptedServer other{{{answer(status, "later")}, {answer("201 Created", "")}}};
    EXPECT_EQ(sent_to(other), "ok") << status;
  }
}

TEST_F(TransferFailure, OfTheConnectionIsTriedAgain) {
  const auto whole = answer("200 OK", content);
  for (const auto& broken :
       {std::string{}, std::string{"HTTP/1.1 200"}, std::string{"garbage"},
        whole.substr(0, whole.size() - 10), whole.substr(0, whole.size() - 1)}) {
    const ScriptedServer server{{{broken}, {whole}}};
    EXPECT_EQ(fetched_from(server), content) << broken;
    EXPECT_EQ(server.requests(), 2U) << broken;
  }
}

TEST_F(TransferFailure, LeavesNoBytesOfAnEarlierAttempt) {
  const auto wrong = answer("200 OK", "9876543210");
  const ScriptedServer server{
      {{wrong}, {wrong.substr(0, wrong.size() - 3)}, {answer("200 OK", content)}}};
  EXPECT_EQ(fetched_from(server), content);
}

TEST_F(TransferFailure, ThatDoesNotPassIsReportedAfterSoManyAttempts) {
  const ScriptedServer failing{{{answer("503 Unavailable", "")}}};
  EXPECT_EQ(fetched_from(failing), "transient");
  EXPECT_EQ(failing.requests(), options_.attempts);
  const ScriptedServer broken{{{problem("503 Unavailable", "store_failed")}}};
  EXPECT_EQ(sent_to(broken), "unwritable");
  const ScriptedServer damaged{{{answer("200 OK", "9876543210")}}};
  EXPECT_EQ(fetched_from(damaged), "damaged");
  EXPECT_EQ(damaged.requests(), options_.attempts);
  const ScriptedServer endless{{{"HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, 'x')}}};
  EXPECT_EQ(fetched_from(endless), "damaged");
  EXPECT_LE(std::filesystem::file_size(file_.path()), 10U);
}

TEST_F(TransferFailure, ThatWillNotPassIsReportedAtOnce) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {problem("403 Forbidden", "bad_signature"), "refused"},
      {problem("403 Forbidden", "url_expired"), "expired"},
      {problem("404 Not Found", "unknown_file"), "not_found"},
      {problem("412 Other", "precondition_failed"), "damaged"},
      {problem("413 Too large", "too_many_bytes"), "too_large"},
      {problem("422 Damaged", "digest_mismatch"), "damaged"},
      {problem("507 Full", "store_full"), "no_space"},
      {answer("401 Unauthorized", ""), "refused"},
      {answer("302 Found", "", "Location: http://127.0.0.1/elsewhere\r\n"), "refused"}};
  for (const auto& [reply, expected] : cases) {
    const ScriptedServer server{{{reply}}};
    EXPECT_EQ(fetched_from(server), expected) << reply;
    EXPECT_EQ(server.requests(), 1U) << reply;
    const ScriptedServer other{{{reply}}};
    EXPECT_EQ(sent_to(other), expected) << reply;
    EXPECT_EQ(other.requests(), 1U) << reply;
  }
}

TEST_F(TransferFailure, OfWhoeverElseAnswersThereIsNoWordOnTheFile) {
  const ScriptedServer server{{{problem("404 Not Found", "unknown_route")}}};
  EXPECT_EQ(fetched_from(server), "transient");
}

TEST_F(TransferFailure, StandstillEndsAnAttempt) {
  for (const auto& begun :
       {std::string{}, std::string{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01"}}) {
    const ScriptedServer server{{{begun, true}, {answer("200 OK", content)}}};
    const auto before = steady_clock::now();
    EXPECT_EQ(fetched_from(server), content);
    EXPECT_GE(steady_clock::now() - before, options_.stall_timeout);
    EXPECT_LT(steady_clock::now() - before, std::chrono::seconds{8});
  }
}

TEST_F(TransferFailure, TimeForAllAttemptsIsLimited) {
  options_.timeout = std::chrono::milliseconds{600};
  options_.attempts = 1'000;
  options_.stall_timeout = std::chrono::minutes{1};
  const ScriptedServer server{{{"", true}}};
  const auto before = steady_clock::now();
  EXPECT_EQ(fetched_from(server), "transient");
  EXPECT_LT(steady_clock::now() - before, std::chrono::seconds{5});
  options_.first_wait = options_.longest_wait = std::chrono::hours{1};
  const ScriptedServer failing{{{answer("503 Unavailable", "")}}};
  EXPECT_EQ(fetched_from(failing), "transient");
  EXPECT_EQ(failing.requests(), 1U);
}

TEST_F(TransferFailure, StopEndsATransferWhereverItIs) {
  options_.stall_timeout = std::chrono::minutes{1};
  options_.first_wait = options_.longest_wait = std::chrono::seconds{15};
  const ScriptedServer hanging{{{"", true}}};
  const ScriptedServer failing{{{answer("503 Unavailable", "")}}};
  for (const auto* server : {&hanging, &failing}) {
    std::stop_source stop;
    const auto before = steady_clock::now();
    auto outcome =
        std::async(std::launch::async, [&] { return fetched_from(*server, stop.get_token()); });
    while (server->requests() == 0)
      std::this_thread::yield();
    stop.request_stop();
    EXPECT_EQ(outcome.get(), "cancelled");
    EXPECT_LT(steady_clock::now() - before, std::chrono::seconds{5});
  }
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_EQ(fetched_from(failing, stopped.get_token()), "cancelled");
  EXPECT_EQ(failing.requests(), 1U);
}

TEST_F(TransferFailure, OfNobodyThereIsTransient) {
  std::uint16_t port = 0;
  {
    const ScriptedServer gone{{{""}}};
    port = gone.port();
  }
  BlobTransfer transfer{options_, port};
  const auto outcome = transfer.remove(path);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, TransferErrorCode::transient);
  EXPECT_THAT(outcome.error().message, testing::HasSubstr("nothing takes connections"));
  EXPECT_THAT(outcome.error().message, testing::HasSubstr("tried 3 times"));
}

TEST_F(TransferFailure, OfTheOwnDiskIsNotTheOtherSidesFault) {
  const auto full = FileDescriptor::open("/dev/full", O_RDWR);
  ASSERT_TRUE(full);
  const ScriptedServer server{{{answer("200 OK", content)}}};
  BlobTransfer transfer{options_, server.port()};
  const auto outcome =
      transfer.download(path, {.sha256 = tests::sha256_of(content), .bytes = 10}, *full);
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().code, TransferErrorCode::transient) << outcome.error().message;
  EXPECT_NE(outcome.error().code, TransferErrorCode::damaged) << outcome.error().message;
}

}  // namespace
}  // namespace darkroom::persistence
