#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tunnel/local_service.hpp"
#include "tests/tunnel/log_capture.hpp"
#include "tests/tunnel/made_certificates.hpp"
#include "tests/tunnel/test_tunnel.hpp"
#include "tls/certificate_text.hpp"

namespace darkroom::tunnel::tests {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

namespace fs = std::filesystem;

class Rotation : public ::testing::Test {
 protected:
  void open() {
    front_ = start_front(front_files_, service_.port());
    connector_ = start_connector(connector_files_, front_->port(), reports_);
  }
  [[nodiscard]] PlainSocket connected() {
    PlainSocket client = PlainSocket::connect(connector_->control_port());
    EXPECT_TRUE(works(client));
    return client;
  }
  static bool works(PlainSocket& client) { return client.send("x") && client.receive() == "x"; }

  MadeCertificates certificates_;
  LogCapture log_;
  LocalService service_{echo};
  Reports reports_;
  TlsFiles front_files_ = certificates_.node("coordinator");
  TlsFiles connector_files_ = certificates_.node("worker-1");
  std::unique_ptr<Front> front_;
  std::unique_ptr<Connector> connector_;
};

TEST_F(Rotation, TakesANewCertificateWithoutARestart) {
  const auto now = tls::now_in_seconds();
  front_files_ = certificates_.node("coordinator", now - 1h, now + 100h);
  open();
  PlainSocket before = connected();
  EXPECT_LT(*front_->figures().certificate_left, 101h);
  static_cast<void>(certificates_.node("coordinator"));
  ASSERT_TRUE(log_.wait_for("took the changed TLS files"));
  EXPECT_GT(*front_->figures().certificate_left, 800 * 24h);
  EXPECT_TRUE(works(before));
  static_cast<void>(connected());
}

TEST_F(Rotation, MovesToAnotherCa) {
  open();
  MadeCertificates next;
  const auto copy = [](const TlsFiles& from, const TlsFiles& to) {
    for (const auto member :
         {&TlsFiles::ca, &TlsFiles::certificate, &TlsFiles::key, &TlsFiles::revocations}) {
      fs::copy_file(from.*member, to.*member, fs::copy_options::overwrite_existing);
    }
  };
  // Both have their files in the same folder, so one copy of the CA's is for both.
  copy(next.node("coordinator"), front_files_);
  copy(next.node("worker-1"), connector_files_);
  ASSERT_TRUE(log_.wait_for("took the changed TLS files"));
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    PlainSocket client = PlainSocket::connect(connector_->control_port());
    if (works(client)) return;
  }
  FAIL() << log_.text();
}

TEST_F(Rotation, KeepsWhatItHasWhereTheNewFilesAreWrongAndSaysSoOnce) {
  open();
  darkroom::tests::TemporaryFolder scratch;
  const fs::path good = scratch.path() / "good.key";
  fs::copy_file(front_files_.key, good);
  fs::copy_file(connector_files_.key, front_files_.key, fs::copy_options::overwrite_existing);
  ASSERT_TRUE(
      log_.wait_for("error: the changed TLS files are not used, those before stay in force: "
                    "node.key: " +
                    front_files_.key.string() + " is not the key of the certificate"));
  static_cast<void>(connected());
  std::this_thread::sleep_for(10 * often);
  const std::string text = log_.text();
  EXPECT_EQ(text.find("are not used"), text.rfind("are not used"));
  fs::copy_file(good, front_files_.key, fs::copy_options::overwrite_existing);
  EXPECT_TRUE(log_.wait_for("took the changed TLS files"));
}

TEST_F(Rotation, CutsOffWhoIsRevokedAndNobodyElse) {
  // The node that is to go does not look at the list.
  connector_files_.revocations.clear();
  open();
  Reports other_reports;
  const auto other = start_connector(certificates_.node("worker-2"), front_->port(), other_reports);
  PlainSocket other_client = PlainSocket::connect(other->control_port());
  ASSERT_TRUE(works(other_client));
  PlainSocket client = connected();
  certificates_.revoke("worker-1");
  EXPECT_EQ(client.receive(), "");
  EXPECT_TRUE(log_.wait_for("cut off worker-1 (certificate "));
  EXPECT_EQ(PlainSocket::connect(connector_->control_port()).receive(), "");
  EXPECT_EQ(reports_.next(), "reached");
  EXPECT_EQ(reports_.next(), "it refuses this node's certificate: it is revoked");
  EXPECT_TRUE(works(other_client));
}

TEST_F(Rotation, CutsOffACoordinatorThatIsRevoked) {
  front_files_.revocations.clear();
  open();
  PlainSocket client = connected();
  certificates_.revoke("coordinator");
  EXPECT_EQ(client.receive(), "");
  EXPECT_TRUE(log_.wait_for("cut off the coordinator coordinator (certificate "));
}

}  // namespace
}  // namespace darkroom::tunnel::tests
