#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/eventually.hpp"
#include "tests/cluster/pictures.hpp"
#include "tests/dialects/document_service.hpp"

// The upload service with its bucket: its document's commands and requests, and what it prints as
// their answers.

namespace darkroom::dialects {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

constexpr auto base = "https://lucid-fulfillment-production.up.railway.app";

class UploadDocument : public testing::Test {
 protected:
  UploadDocument() { service_.write("image.jpg", good_jpeg()); }

  /// Runs a command of the document, which has this path of a file in it.
  [[nodiscard]] CurlAnswer upload(const std::string& command) const {
    return service_.run(with(command, "/path/to/image.jpg", "image.jpg"));
  }

  [[nodiscard]] CurlAnswer of(const std::string& command, const std::string& id) const {
    return service_.run(with(command, "<id>", id));
  }

  DocumentService service_{base};
};

TEST_F(UploadDocument, AnUploadByCurlIsProcessed) {
  const auto created = upload(
      R"(curl https://lucid-fulfillment-production.up.railway.app/uploads/ \
-F "file=@/path/to/image.jpg")");
  EXPECT_EQ(created.status, 201);
  EXPECT_THAT(created.members(), ElementsAre("id", "status"));
  EXPECT_EQ(created.text("status"), "pending");
  const std::string id = created.text("id");

  CurlAnswer status;
  EXPECT_TRUE(cluster::eventually([&] {
    status = of("curl https://lucid-fulfillment-production.up.railway.app/uploads/<id>/status", id);
    return status.text("status") == "completed";
  })) << status.body;
  EXPECT_EQ(status.status, 200);
  EXPECT_THAT(status.members(), ElementsAre("id", "status"));
  EXPECT_EQ(status.text("id"), id);

  const auto result =
      of("curl https://lucid-fulfillment-production.up.railway.app/uploads/<id>/results", id);
  EXPECT_EQ(result.status, 200);
  EXPECT_THAT(result.members(),
              ElementsAre("id", "original", "resized", "compressed", "thumbnail"));
  EXPECT_EQ(result.text("id"), id);
  for (const auto* name : {"original", "resized", "compressed", "thumbnail"})
    EXPECT_THAT(result.text(name), StartsWith(service_.address() + "/uploads/")) << name;

  // By whoever has the addresses, as they are.
  EXPECT_TRUE(service_.get(result.text("original")).body == good_jpeg());
  EXPECT_EQ(cluster::decoded(service_.get(result.text("resized")).body)->width(), 800U);
  EXPECT_EQ(cluster::decoded(service_.get(result.text("compressed")).body)->width(), 800U);
  EXPECT_EQ(cluster::decoded(service_.get(result.text("thumbnail")).body)->width(), 300U);
}

// "Open Postman -> New Request -> POST"; the document gives these as addresses.
TEST_F(UploadDocument, AnUploadByPostmanIsProcessed) {
  const auto created = upload(
      "curl -F \"file=@/path/to/image.jpg\" "
      "https://lucid-fulfillment-production.up.railway.app/upload/");
  EXPECT_EQ(created.status, 201);
  EXPECT_THAT(created.members(), ElementsAre("id", "status"));
  const std::string id = created.text("id");
  const std::string status =
      "curl https://lucid-fulfillment-production.up.railway.app/upload/<id>/status/";
  EXPECT_TRUE(cluster::eventually([&] { return of(status, id).text("status") == "completed"; }));
  EXPECT_EQ(of(status, id).body, "{\"id\":\"" + id + "\",\"status\":\"completed\"}\n");
  const auto result =
      of("curl https://lucid-fulfillment-production.up.railway.app/upload/<id>/result/", id);
  EXPECT_THAT(result.members(),
              ElementsAre("id", "original", "resized", "compressed", "thumbnail"));
  EXPECT_EQ(service_.get(result.text("thumbnail")).status, 200);
}

TEST_F(UploadDocument, EveryAddressThatItNamesIsThere) {
  const std::string id =
      upload("curl -F \"file=@/path/to/image.jpg\" " + std::string{base} + "/upload/").text("id");
  for (const auto* path : {"/upload/<id>/results/", "/uploads/<id>/result", "/uploads/<id>/status",
                           "/uploads/<id>/results", "/upload/<id>/status/", "/upload/<id>/result/",
                           "/uploads/<id>/result/", "/uploads/<id>/results/",
                           "/uploads/<id>/status/", "/upload/<id>/results"}) {
    const auto answer = of("curl " + std::string{base} + path, id);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.text("id"), id) << path;
    const auto unknown =
        of("curl " + std::string{base} + path, "f1540e82-224f-482f-8f46-a7877670fedc");
    EXPECT_EQ(unknown.status, 404) << path;
    EXPECT_EQ(unknown.body, "{\"error\":\"Not found\"}\n") << path;
  }
}

TEST_F(UploadDocument, AnUploadWithoutAFileIsRefused) {
  for (const auto* arguments : {"-X POST", "-F picture=@image.jpg", "-F file=image.jpg"}) {
    const auto answer =
        service_.run("curl " + std::string{base} + "/upload/ " + std::string{arguments});
    EXPECT_EQ(answer.status, 400) << arguments;
    EXPECT_EQ(answer.body, "{\"error\":\"No file uploaded\"}\n") << arguments;
  }
  EXPECT_EQ(service_.run("curl -X PUT " + std::string{base} + "/upload/").status, 405);
}

TEST_F(UploadDocument, ACorruptFileFails) {
  service_.write("image.jpg", corrupt_png());
  const std::string id =
      upload("curl -F \"file=@/path/to/image.jpg\" " + std::string{base} + "/upload/").text("id");
  EXPECT_TRUE(cluster::eventually(
      [&] { return service_.get("/uploads/" + id + "/status").text("status") == "failed"; }));
  const auto result = service_.get("/uploads/" + id + "/results");
  EXPECT_EQ(service_.get(result.text("original")).status, 200);
  EXPECT_EQ(service_.get(result.text("thumbnail")).body, "{\"error\":\"Not found\"}\n");
}

}  // namespace
}  // namespace darkroom::dialects
