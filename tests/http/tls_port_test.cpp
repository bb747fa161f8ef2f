#include <csignal>
#include <memory>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/job_with_files.hpp"
#include "tests/http/pictures.hpp"
#include "tests/http/test_certificate.hpp"
#include "tests/http/test_server.hpp"

// The HTTP port with TLS: the same service, and what there is besides.

namespace darkroom::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::HasSubstr;

class TlsPort : public testing::Test {
 protected:
  explicit TlsPort(Options options = {}) : server_{certificate_.in(std::move(options))} {}

  [[nodiscard]] RawClient client(RawClient::TlsChoice choice = {}) const {
    RawClient made{server_.port()};
    choice.ca = certificate_.certificate().string();
    const auto secured = made.secure(choice);
    EXPECT_TRUE(secured) << secured.error();
    return made;
  }

  [[nodiscard]] RawResponse exchange(std::string_view request) const {
    RawClient made = client();
    made.send(request);
    return made.receive().value_or(RawResponse{});
  }

  const TestCertificate certificate_;
  TestServer server_;
};

TEST_F(TlsPort, TakesUploadsAndGivesFiles) {
  const auto created = exchange(form_request(file_part(pnm_picture(300, 200))));
  ASSERT_EQ(created.status, 201) << created.body;
  EXPECT_THAT(exchange(request_text("GET", "/openapi.json")).body,
              HasSubstr("\"servers\":[{\"url\":\"https://localhost\"}]"));
  const auto job = make_job_with_file(server_, std::string(std::size_t{8} << 20U, 'x'));
  const auto file = exchange(request_text("GET", "/files/" + job.original.blob_key));
  EXPECT_EQ(file.body.size(), std::size_t{8} << 20U);
  EXPECT_EQ(sha256_of(file.body), sha256_of(std::string(std::size_t{8} << 20U, 'x')));
}

TEST_F(TlsPort, ServesManyRequestsOnOneConnection) {
  RawClient kept = client();
  kept.send(request_text("GET", "/healthz") + form_request(file_part(pnm_picture(4, 3))) +
            request_text("GET", "/nothing"));
  EXPECT_EQ(kept.receive()->status, 200);
  EXPECT_EQ(kept.receive()->status, 201);
  EXPECT_EQ(kept.receive()->status, 404);
  kept.send(request_text("GET", "/healthz", "Connection: close\r\n"));
  EXPECT_EQ(kept.receive()->status, 200);
  EXPECT_TRUE(kept.closed()) << "and says so, by TLS";
}

TEST_F(TlsPort, SpeaksNewAndLessNewTls) {
  EXPECT_EQ(client().tls_version(), "TLSv1.3");
  RawClient older = client({.ca = {}, .tls_1_2 = true});
  EXPECT_EQ(older.tls_version(), "TLSv1.2");
  older.send(request_text("GET", "/healthz"));
  EXPECT_EQ(older.receive()->status, 200);
}

TEST_F(TlsPort, ChoosesHttp11OfWhatIsOffered) {
  EXPECT_EQ(client({.ca = {}, .protocols = "\x02h2\x08http/1.1"}).chosen_protocol(), "http/1.1");
  RawClient modern{server_.port()};
  const auto refused =
      modern.secure({.ca = certificate_.certificate().string(), .protocols = "\x02h2"});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error(), HasSubstr("no application protocol"));
}

TEST_F(TlsPort, IsKnownByItsCertificate) {
  const TestCertificate other;
  RawClient distrustful{server_.port()};
  EXPECT_FALSE(distrustful.secure({.ca = other.certificate().string()}));
  RawClient mistaken{server_.port()};
  EXPECT_FALSE(mistaken.secure({.ca = certificate_.certificate().string(), .host = "example.com"}));
}

TEST_F(TlsPort, TellsWhoSpeaksPlainHttp) {
  const auto response = server_.exchange(request_text("GET", "/healthz"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 400);
  EXPECT_EQ(response->problem_code(), "malformed_request");
  EXPECT_EQ(response->member("detail"),
            "Plain HTTP was sent to an HTTPS port; let the address begin with https://.");
  EXPECT_EQ(response->field("x-request-id").size(), 32U);
}

TEST_F(TlsPort, LetsARefusedUploadHearWhy) {
  // The answer must not be lost though the rest of the body was not read.
  RawClient sender = client();
  sender.send(
      "POST /v1/jobs?preset=nothing HTTP/1.1\r\nHost: localhost\r\n"
      "Content-Type: image/png\r\nContent-Length: 3000000\r\n\r\n" +
      std::string(3'000'000, 'b'));
  const auto response = sender.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->problem_code(), "unknown_preset");
}

TEST_F(TlsPort, EndsAStreamSoThatItIsKnownToBeWhole) {
  const auto job = make_job_with_file(server_, "abc");
  RawClient follower = client();
  follower.send(request_text("GET", "/v1/jobs/" + job.id.to_string() + "/events"));
  ASSERT_TRUE(follower.receive(true));
  complete_with_files(server_, job.id);
  std::string text;
  for (std::string byte; !(byte = follower.receive_text(1)).empty();)
    text += byte;
  EXPECT_THAT(text, HasSubstr("event: completed"));
  EXPECT_TRUE(follower.closed());
}

TEST_F(TlsPort, SurvivesClientsThatAreGone) {
  const auto job = make_job_with_file(server_, std::string(std::size_t{8} << 20U, 'x'));
  for (int i = 0; i < 20; ++i) {
    RawClient leaving = client();
    leaving.send(request_text("GET", "/files/" + job.original.blob_key));
    ASSERT_TRUE(leaving.take(1));
  }
  EXPECT_EQ(exchange(request_text("GET", "/healthz")).status, 200);
}

// Writing to one that the server itself has shut down must not raise SIGPIPE.
TEST_F(TlsPort, SurvivesConnectionsThatItCutsOff) {
  // Whoever started this program may have had it ignored.
  auto* const before = std::signal(SIGPIPE, SIG_DFL);
  const auto job = make_job_with_file(server_, std::string(std::size_t{32} << 20U, 'x'));
  RawClient lazy = client();
  lazy.send(request_text("GET", "/files/" + job.original.blob_key));
  ASSERT_TRUE(lazy.take(1));
  server_.server().stop(100ms);
  while (lazy.take(std::size_t{1} << 20U)) {
  }
  std::signal(SIGPIPE, before);
  EXPECT_FALSE(lazy.closed()) << "an answer that was cut off is no whole one";
}

TEST_F(TlsPort, StopsDuringHandshakesAtOnce) {
  RawClient silent{server_.port()};
  RawClient kept = client();
  kept.send(request_text("GET", "/healthz"));
  ASSERT_TRUE(kept.receive());
  const auto started = steady_clock::now();
  server_.server().stop(60s);
  EXPECT_LT(steady_clock::now() - started, 4s);
  EXPECT_TRUE(silent.closed());
  EXPECT_TRUE(kept.closed());
}

// -- Slow and silent clients
// -----------------------------------------------------------------------

Options impatient() {
  Options options;
  options.read_timeout = 500ms;
  options.write_timeout = 10s;
  options.min_rate = 1'024;
  options.rate_grace = 1s;
  return options;
}

class SlowTlsClients : public TlsPort {
 protected:
  SlowTlsClients() : TlsPort{impatient()} {}
};

TEST_F(SlowTlsClients, ThatDoNotShakeHandsAreCutOff) {
  // The first of a ClientHello: a record of 512 bytes, of which few come.
  const std::string beginning{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11};
  for (const std::string& first : {std::string{}, beginning}) {
    RawClient silent{server_.port()};
    const auto started = steady_clock::now();
    silent.send(first);
    EXPECT_FALSE(silent.receive());
    const auto took = steady_clock::now() - started;
    EXPECT_GE(took, 450ms);
    EXPECT_LT(took, 2s);
  }
}

TEST_F(SlowTlsClients, ThatTrickleAHandshakeAreCutOff) {
  RawClient slow{server_.port()};
  const auto started = steady_clock::now();
  const std::string hello = std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11};
  slow.send(hello);
  while (!slow.has_input() && steady_clock::now() - started < 5s) {
    if (!slow.send("b")) break;
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_LT(steady_clock::now() - started, 3s);
}

TEST_F(SlowTlsClients, AHundredSilentHoldNobodyUp) {
  std::vector<std::unique_ptr<RawClient>> silent;
  for (int i = 0; i < 100; ++i)
    silent.push_back(std::make_unique<RawClient>(server_.port()));
  EXPECT_EQ(exchange(request_text("GET", "/healthz")).status, 200);
  for (const auto& each : silent)
    EXPECT_FALSE(each->receive());
}

TEST_F(SlowTlsClients, ThatTrickleABodyAreCutOff) {
  RawClient slow = client();
  slow.send(
      "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"
      "Content-Length: 100000\r\n\r\n");
  const auto started = steady_clock::now();
  while (!slow.has_input() && steady_clock::now() - started < 10s) {
    if (!slow.send("b")) break;
    std::this_thread::sleep_for(100ms);
  }
  const auto response = slow.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->problem_code(), "too_slow");
  EXPECT_LT(steady_clock::now() - started, 5s);
}

TEST_F(SlowTlsClients, AtTheFloorAreHeardOutThoughTheirRecordsAreLarge) {
  // One record of 16 KiB takes some two seconds to come; nothing of it can be read before.
  const std::string request = form_request(file_part(pnm_picture(90, 60)));
  ASSERT_GT(request.size(), 16'000U);
  const std::size_t body = request.find("\r\n\r\n") + 4;
  RawClient slow = client();
  slow.send(request.substr(0, body));
  const std::string records = slow.encrypted(request.substr(body));
  for (std::size_t at = 0; at < records.size(); at += 80) {
    ASSERT_TRUE(slow.send_raw(std::string_view{records}.substr(at, 80)));
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(slow.receive().value_or(RawResponse{}).status, 201);
}

TEST_F(SlowTlsClients, ThatReadNothingAreCutOff) {
  const auto job = make_job_with_file(server_, std::string(std::size_t{32} << 20U, 'x'));
  RawClient lazy = client();
  lazy.send(request_text("GET", "/files/" + job.original.blob_key));
  const auto started = steady_clock::now();
  std::this_thread::sleep_for(500ms);
  server_.server().stop(20s);
  EXPECT_LT(steady_clock::now() - started, 6s);
}

}  // namespace
}  // namespace darkroom::http
