#include <gtest/gtest.h>
#include <httplib.h>

#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

// The usual requests once more through an HTTP client that others have written.

namespace darkroom::http {
namespace {

TEST(LibraryClient, UploadsPollsDownloadsAndDeletes) {
  TestServer server;
  httplib::Client client{"127.0.0.1", server.port()};
  client.set_keep_alive(true);
  const std::string picture = pnm_picture(200, 100);

  const auto created = client.Post(
      "/v1/jobs",
      httplib::MultipartFormDataItems{{"preset", "small", "", ""},
                                      {"file", picture, "holiday.ppm", "image/x-portable-pixmap"}});
  ASSERT_TRUE(created);
  ASSERT_EQ(created->status, 201) << created->body;
  const std::string location = created->get_header_value("Location");

  const auto job = client.Get(location);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->body, created->body);
  const std::string url = "/files/uploads/originals/" + location.substr(9) + ".pnm";
  const auto file = client.Get(url);
  ASSERT_TRUE(file);
  ASSERT_EQ(file->status, 200) << url << job->body;
  EXPECT_EQ(file->body, picture);
  const auto part = client.Get(url, {httplib::make_range_header({{1, 10}})});
  ASSERT_TRUE(part);
  EXPECT_EQ(part->status, 206);
  EXPECT_EQ(part->body, picture.substr(1, 10));
  const auto head = client.Head(url);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->get_header_value("Content-Length"), std::to_string(picture.size()));

  const auto removed = client.Delete(location);
  ASSERT_TRUE(removed);
  EXPECT_EQ(removed->status, 204);
  EXPECT_EQ(client.Get(location)->status, 404);
}

TEST(LibraryClient, UploadsInChunks) {
  TestServer server;
  httplib::Client client{"127.0.0.1", server.port()};
  const std::string picture = pnm_picture(300, 300);
  const auto created = client.Post(
      "/v1/jobs",
      [&picture](std::size_t offset, httplib::DataSink& sink) {
        const std::string piece = picture.substr(offset, 10'000);
        if (piece.empty()) {
          sink.done();
          return true;
        }
        return sink.write(piece.data(), piece.size());
      },
      "image/x-portable-pixmap");
  ASSERT_TRUE(created);
  EXPECT_EQ(created->status, 201) << created->body;
}

}  // namespace
}  // namespace darkroom::http
