#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tunnel/local_service.hpp"
#include "tests/tunnel/log_capture.hpp"
#include "tests/tunnel/made_certificates.hpp"
#include "tests/tunnel/test_tunnel.hpp"
#include "tests/tunnel/tls_peer.hpp"
#include "tls/certificate_text.hpp"

namespace darkroom::tunnel::tests {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class RefusedCertificate : public ::testing::Test {
 protected:
  /// What a connector with these files says of a front with those.
  std::string problem(const TlsFiles& connector_files, const TlsFiles& front_files) {
    front_ = start_front(front_files, service_.port());
    connector_ = start_connector(connector_files, front_->port(), reports_);
    PlainSocket client = PlainSocket::connect(connector_->control_port());
    if (client.send("x") && !client.receive().empty()) return "(none)";
    return reports_.next();
  }

  MadeCertificates certificates_;
  MadeCertificates others_;
  LogCapture log_;
  LocalService service_{echo};
  Reports reports_;
  std::unique_ptr<Front> front_;
  std::unique_ptr<Connector> connector_;
};

TEST_F(RefusedCertificate, OfAnotherCaIsNamedAtTheConnector) {
  EXPECT_EQ(problem(certificates_.node("worker-1"), others_.node("coordinator")),
            "its certificate for \"coordinator\" was not issued by this cluster's CA");
  EXPECT_TRUE(log_.wait_for("it refuses this node's certificate: it is of another CA"));
  EXPECT_EQ(service_.connections(), 0);
}

/// Trusts the front, and has a certificate that the front does not trust.
TEST_F(RefusedCertificate, OfAnotherCaIsNamedAtTheFront) {
  const auto front_files = certificates_.node("coordinator");
  TlsFiles stranger = others_.node("stranger");
  front_ = start_front(front_files, service_.port());
  TlsPeer peer{front_->port(), stranger.certificate, stranger.key};
  EXPECT_THAT(peer.refusal(), HasSubstr("unknown ca"));
  EXPECT_TRUE(
      log_.wait_for("refused 127.0.0.1: its certificate for \"stranger\" was not issued by this "
                    "cluster's CA"));
  EXPECT_EQ(service_.connections(), 0);
}

TEST_F(RefusedCertificate, ThatIsMissingIsAskedFor) {
  front_ = start_front(certificates_.node("coordinator"), service_.port());
  TlsPeer peer{front_->port(), {}, {}};
  EXPECT_THAT(peer.refusal(), HasSubstr("certificate required"));
  EXPECT_TRUE(log_.wait_for("refused 127.0.0.1: it has no certificate"));
  EXPECT_EQ(service_.connections(), 0);
}

/// A node of the cluster that calls itself as another one.
TEST_F(RefusedCertificate, OfAnotherNodeIsNamedAtBothEnds) {
  front_ = start_front(certificates_.node("coordinator"), service_.port());
  const auto thief = certificates_.node("worker-2");
  const auto line = [](const std::string& name) {
    return to_line({.versions = same_versions, .node = name, .channel = Channel::control});
  };
  TlsPeer peer{front_->port(), thief.certificate, thief.key};
  EXPECT_EQ(peer.answer_to(line("worker-1")),
            "refused this node calls itself \"worker-1\", and its certificate is that of "
            "\"worker-2\"\n");
  EXPECT_TRUE(log_.wait_for("node \"worker-1\" has the certificate of \"worker-2\""));
  EXPECT_EQ(service_.connections(), 0);
  TlsPeer honest{front_->port(), thief.certificate, thief.key};
  EXPECT_EQ(honest.answer_to(line("worker-2")), "ok\n");
}

TEST_F(RefusedCertificate, OfAConnectorThatHasExpiredOrIsNotYetValid) {
  const auto now = tls::now_in_seconds();
  front_ = start_front(certificates_.node("coordinator"), service_.port());
  const auto late = certificates_.node("late", now - 48h, now - 24h);
  TlsPeer expired{front_->port(), late.certificate, late.key};
  EXPECT_THAT(expired.refusal(), HasSubstr("certificate expired"));
  EXPECT_TRUE(
      log_.wait_for("its certificate for \"late\" expired on " + tls::time_text(now - 24h)));
}

TEST_F(RefusedCertificate, OfAFrontThatExpiresWhileItRuns) {
  const auto now = tls::now_in_seconds();
  const auto files = certificates_.node("coordinator", now - 1h, now + 1s);
  front_ = start_front(files, service_.port());
  EXPECT_TRUE(log_.wait_for("expires on"));
  std::this_thread::sleep_until(std::chrono::system_clock::time_point{now + 2'500ms});
  connector_ = start_connector(certificates_.node("worker-1"), front_->port(), reports_);
  EXPECT_EQ(PlainSocket::connect(connector_->control_port()).receive(), "");
  EXPECT_EQ(reports_.next(),
            "its certificate for \"coordinator\" expired on " + tls::time_text(now + 1s));
}

TEST_F(RefusedCertificate, ThatIsRevokedIsNamedAtBothEnds) {
  auto worker = certificates_.node("worker-1");
  const auto coordinator = certificates_.node("coordinator");
  certificates_.revoke("worker-1");
  // The worker does not know.
  worker.revocations.clear();
  EXPECT_EQ(problem(worker, coordinator), "it refuses this node's certificate: it is revoked");
  EXPECT_TRUE(log_.wait_for("its certificate for \"worker-1\" is revoked"));
  EXPECT_EQ(service_.connections(), 0);
}

TEST_F(RefusedCertificate, OfAFrontThatIsRevoked) {
  auto coordinator = certificates_.node("coordinator");
  const auto worker = certificates_.node("worker-1");
  certificates_.revoke("coordinator");
  coordinator.revocations.clear();
  EXPECT_EQ(problem(worker, coordinator), "its certificate for \"coordinator\" is revoked");
}

TEST_F(RefusedCertificate, WithOldTlsIsRefused) {
  front_ = start_front(certificates_.node("coordinator"), service_.port());
  const auto worker = certificates_.node("worker-1");
  TlsPeer peer{front_->port(), worker.certificate, worker.key, TlsPeer::Version::tls_1_2};
  EXPECT_THAT(peer.refusal(), HasSubstr("protocol version"));
  EXPECT_TRUE(log_.wait_for("it does not speak TLS 1.3"));
}

}  // namespace
}  // namespace darkroom::tunnel::tests
