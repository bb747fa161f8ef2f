#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include "tests/cluster/eventually.hpp"
#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"
#include "tests/http/test_certificate.hpp"

// The program with a certificate: its whole way from an upload to a rendition by HTTPS.

namespace darkroom::cluster {
namespace {

using http::TestCertificate;
using testing::HasSubstr;

std::vector<std::string> arguments_with(const std::filesystem::path& data,
                                        const TestCertificate& certificate) {
  auto arguments = serve_arguments(data, 1);
  arguments.push_back("--http-tls-certificate=" + certificate.certificate().string());
  arguments.push_back("--http-tls-key=" + certificate.key().string());
  return arguments;
}

TEST(Https, LeadsFromAnUploadToItsRenditions) {
  const tests::TemporaryFolder folder;
  const TestCertificate certificate;
  const Program service{arguments_with(folder.path() / "data", certificate)};
  ASSERT_TRUE(service.wait_for_output("worker joined"));
  const std::string words = "listening on https://127.0.0.1:";
  const std::string log = service.output();
  ASSERT_THAT(log, HasSubstr(words));
  httplib::SSLClient client{"localhost", std::stoi(log.substr(log.find(words) + words.size()))};
  client.set_ca_cert_path(certificate.certificate().c_str());
  client.enable_server_certificate_verification(true);
  const auto created =
      client.Post("/v1/jobs", {{"Prefer", "wait=20"}}, jpeg_of(quadrants(600, 400)), "image/jpeg");
  ASSERT_TRUE(created) << to_string(created.error());
  ASSERT_EQ(created->status, 201) << created->body;
  EXPECT_THAT(created->body, HasSubstr("\"status\":\"completed\""));
  const std::string job = created->get_header_value("Location");
  const auto file = client.Get(job + "/files/thumbnail");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->status, 200);
  EXPECT_EQ(file->get_header_value("Content-Type"), "image/jpeg");
}

TEST(Https, IsNoStartWithACertificateThatHasExpired) {
  using std::chrono::hours;
  const tests::TemporaryFolder folder;
  const TestCertificate certificate{{.begin = hours{-48}, .end = hours{-24}}};
  Program service{arguments_with(folder.path() / "data", certificate)};
  EXPECT_EQ(service.wait_for_exit(), 1);
  EXPECT_THAT(service.output(), HasSubstr("cannot start: http.tls_certificate: " +
                                          certificate.certificate().string() + " expired on "));
}

}  // namespace
}  // namespace darkroom::cluster
