#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tunnel/local_service.hpp"
#include "tests/tunnel/log_capture.hpp"
#include "tests/tunnel/made_certificates.hpp"
#include "tests/tunnel/test_tunnel.hpp"

namespace darkroom::tunnel::tests {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A local connection is closed at once, and this is why.
std::string problem_of(const Connector& connector, Reports& reports) {
  PlainSocket client = PlainSocket::connect(connector.control_port());
  EXPECT_EQ(client.receive(), "");
  return reports.next();
}

std::uint16_t free_port() {
  return LocalService{echo}.port();
}

TEST(ConnectorProblem, IsThatNothingListens) {
  Reports reports;
  const auto connector = start_connector({}, free_port(), reports);
  EXPECT_EQ(connector->last_problem(), std::nullopt);
  EXPECT_EQ(problem_of(*connector, reports), "connection refused: nothing listens there");
  EXPECT_EQ(connector->last_problem(), "connection refused: nothing listens there");
}

TEST(ConnectorProblem, IsToldOnceAndSoIsItsEnd) {
  Reports reports;
  auto front = start_front({}, 0);
  const auto connector = start_connector({}, front->port(), reports);
  EXPECT_EQ(problem_of(*connector, reports), "it refuses: the coordinator is still starting");
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(PlainSocket::connect(connector->data_port()).receive_all(), "");
  const LocalService service{echo};
  front->set_target(Channel::data, service.port());
  PlainSocket client = PlainSocket::connect(connector->data_port());
  EXPECT_TRUE(client.send("x"));
  EXPECT_EQ(client.receive(), "x");
  EXPECT_EQ(reports.next(), "reached");
  EXPECT_EQ(connector->last_problem(), std::nullopt);
}

TEST(ConnectorProblem, IsThatTheServiceBehindTheFrontIsDown) {
  Reports reports;
  const auto front = start_front({}, free_port());
  const auto connector = start_connector({}, front->port(), reports);
  EXPECT_EQ(problem_of(*connector, reports),
            "it refuses: the coordinator's service cannot be reached");
}

TEST(ConnectorProblem, IsAnotherVersionWithBothNamed) {
  Reports reports;
  MadeCertificates certificates;
  const LogCapture log;
  const LocalService service{echo};
  const auto front = start_front(certificates.node("coordinator"), service.port());
  const auto connector = start_connector(certificates.node("worker-1"), front->port(), reports, {},
                                         {.wire = "darkroom-4", .program = "0.0.9"});
  EXPECT_EQ(problem_of(*connector, reports),
            "it refuses: this node speaks darkroom-4 (Darkroom 0.0.9) and the coordinator speaks "
            "darkroom-5 (Darkroom 0.1.0): run the same version on all nodes");
  EXPECT_TRUE(log.wait_for("refused 127.0.0.1: node \"worker-1\": this node speaks darkroom-4"));
  EXPECT_EQ(service.connections(), 0);
}

TEST(ConnectorProblem, IsANameThatNobodyHas) {
  Reports reports;
  Options node;
  node.insecure = true;
  const auto connector =
      start_connector({}, 9'000, reports, node, same_versions, "nowhere.invalid");
  // What a machine without a name server says is less sure.
  EXPECT_THAT(problem_of(*connector, reports), HasSubstr("nowhere.invalid"));
}

TEST(ConnectorProblem, IsThatNoAnswerComes) {
  Reports reports;
  const LocalService silent{
      [](PlainSocket& connection) { static_cast<void>(connection.receive_all()); }};
  const auto connector = start_connector({}, silent.port(), reports, {.handshake_timeout = 200ms});
  EXPECT_EQ(problem_of(*connector, reports),
            "it takes connections but does not answer within 200 ms");
}

TEST(ConnectorProblem, IsThatSomethingElseListens) {
  Reports reports;
  MadeCertificates certificates;
  const LocalService web{[](PlainSocket& connection) {
    static_cast<void>(connection.receive());
    connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    static_cast<void>(connection.receive_all());
  }};
  const auto plain = start_connector({}, web.port(), reports);
  EXPECT_EQ(problem_of(*plain, reports), "its answer is not that of a Darkroom node");
  const auto secure = start_connector(certificates.node("worker-1"), web.port(), reports);
  EXPECT_EQ(problem_of(*secure, reports), "it does not speak TLS");
  const LocalService curt{[](PlainSocket& connection) { static_cast<void>(connection.receive()); }};
  const auto to_curt = start_connector({}, curt.port(), reports);
  EXPECT_EQ(problem_of(*to_curt, reports), "it closed the connection without a word");
}

TEST(ConnectorProblem, IsThatOneEndUsesTlsAndTheOtherDoesNot) {
  Reports reports;
  MadeCertificates certificates;
  const LocalService service{echo};
  const auto secure = start_front(certificates.node("coordinator"), service.port());
  const auto plain_connector = start_connector({}, secure->port(), reports);
  EXPECT_EQ(problem_of(*plain_connector, reports),
            "it refuses: the coordinator takes TLS only: set node.ca, node.certificate and "
            "node.key");
  const LogCapture log;
  const auto plain = start_front({}, service.port());
  const auto secure_connector =
      start_connector(certificates.node("worker-1"), plain->port(), reports);
  EXPECT_EQ(problem_of(*secure_connector, reports), "it does not speak TLS");
  EXPECT_TRUE(log.wait_for("refused 127.0.0.1: it speaks TLS, which this node is not set up for"));
}

TEST(ConnectorStart, IsRefusedWithoutTlsToAnotherMachineAndWithNamesThatCannotBeSaid) {
  const auto start = [](const std::string& host, const std::string& name) {
    const auto connector = Connector::start(
        {.host = host, .port = 9'000, .node = {}, .versions = same_versions, .node_name = name});
    return connector ? "(started)" : connector.error();
  };
  EXPECT_THAT(start("192.0.2.1", "a"), StartsWith("--join (192.0.2.1) is beyond this machine"));
  EXPECT_THAT(start("127.0.0.1", "a b"), StartsWith("\"a b\" cannot be this node's name"));
}

TEST(ConnectorStart, IsRefusedUnderAnotherNameThanItsCertificateHas) {
  MadeCertificates certificates;
  Options node;
  node.tls = certificates.node("worker-1");
  const auto start = [&](const std::string& name) {
    const auto connector = Connector::start({.host = "127.0.0.1",
                                             .port = 9'000,
                                             .node = node,
                                             .versions = same_versions,
                                             .node_name = name});
    return connector ? "(started)" : connector.error();
  };
  EXPECT_EQ(start("worker-1"), "(started)");
  EXPECT_EQ(start("worker-9"),
            "this node is called \"worker-9\" (--name), and node.certificate: " +
                node.tls.certificate.string() +
                " is that of \"worker-1\"; start it with --name=worker-1 or without --name, or "
                "give it the certificate of worker-9 (`darkroom certs issue worker-9`)");
}

TEST(FrontStart, IsRefusedWithoutTlsBeyondThisMachineUnlessToldToAndThenSaysSo) {
  const auto start = [](const Options& node) {
    const auto front = Front::start({.node = node, .versions = same_versions});
    return front ? "(started)" : front.error();
  };
  EXPECT_THAT(start({.host = "0.0.0.0"}), StartsWith("node.host (0.0.0.0) is beyond this machine"));
  const LogCapture log;
  EXPECT_EQ(start({.host = "0.0.0.0", .insecure = true}), "(started)");
  EXPECT_THAT(log.text(), HasSubstr("warning: INSECURE: nodes join on 0.0.0.0 without TLS"));
}

TEST(FrontStart, IsRefusedOnAPortThatIsTaken) {
  const LocalService service{echo};
  const auto front = Front::start(
      {.node = {.host = "127.0.0.1", .join = service.port()}, .versions = same_versions});
  ASSERT_FALSE(front);
  EXPECT_THAT(front.error(), HasSubstr("Address already in use"));
}

}  // namespace
}  // namespace darkroom::tunnel::tests
