#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/http/dialect_routes.hpp"

// What the dialect of the upload service refuses, and how. Its document is tried in
// tests/dialects.

namespace darkroom::http {
namespace {

using testing::HasSubstr;

class UploadRoutes : public DialectRoutes {
 protected:
  [[nodiscard]] std::string path_of(const RawResponse& response, const std::string& name) const {
    const std::string url = response.member(name);
    const std::string base = "http://localhost";
    EXPECT_EQ(url.substr(0, base.size()), base);
    return url.substr(std::min(base.size(), url.size()));
  }
};

TEST_F(UploadRoutes, RefuseInTheirForm) {
  const auto no_file =
      upload("/upload/", "name=\"picture\"; filename=\"a.ppm\"", pnm_picture(4, 3));
  EXPECT_EQ(no_file.status, 400);
  EXPECT_EQ(no_file.body, "{\"error\":\"No file uploaded\"}\n");
  EXPECT_EQ(upload("/uploads/", "name=\"file\"", "text").body, no_file.body);
  EXPECT_EQ(send("POST", "/uploads/").body, no_file.body);
  const auto text = upload("/uploads/", "name=\"file\"; filename=\"a.txt\"", "text");
  EXPECT_EQ(text.status, 415);
  EXPECT_THAT(text.member("error"), HasSubstr("not an image"));
  for (const auto* path : {"/upload/abc/results", "/uploads/abc/status/", "/upload/abc/result/"}) {
    EXPECT_EQ(get(path).status, 404);
    EXPECT_EQ(get(path).body, "{\"error\":\"Not found\"}\n");
  }
  EXPECT_EQ(send("DELETE", "/uploads/").status, 405);
  EXPECT_NE(send("DELETE", "/uploads/").member("error"), "");
}

TEST_F(UploadRoutes, AreTheSameWithASlashAndWithout) {
  const auto created = upload("/uploads/", "name=\"file\"; filename=\"a.ppm\"", pnm_picture(4, 3));
  EXPECT_EQ(created.status, 201);
  const std::string id = created.member("id");
  for (const auto* path : {"/uploads/%/status", "/uploads/%/status/", "/upload/%/status/"}) {
    std::string target = path;
    target.replace(target.find('%'), 1, id);
    EXPECT_EQ(get(target).body, "{\"id\":\"" + id + "\",\"status\":\"pending\"}\n") << target;
  }
  for (const auto* path :
       {"/uploads/%/result", "/uploads/%/result/", "/uploads/%/results", "/uploads/%/results/",
        "/upload/%/results", "/upload/%/results/", "/upload/%/result/"}) {
    std::string target = path;
    target.replace(target.find('%'), 1, id);
    EXPECT_NE(get(target).member("compressed"), "") << target;
  }
}

TEST_F(UploadRoutes, GiveAddressesThatBeginToWork) {
  const auto job = make_job_with_file(server_, "bytes");
  const auto result = get("/uploads/" + job.id.to_string() + "/result");
  EXPECT_EQ(get(path_of(result, "original")).body, "bytes");
  const auto early = get(path_of(result, "resized"));
  EXPECT_EQ(early.status, 404);
  complete_with_files(server_, job.id);
  EXPECT_EQ(get(path_of(result, "resized")).body, "resized.");
  EXPECT_EQ(get(path_of(result, "compressed")).body, "compressed.");
  EXPECT_EQ(get(path_of(result, "thumbnail")).body, "thumbnail.");
}

TEST_F(UploadRoutes, GiveFilesBySignedAddressesOnly) {
  const auto job = make_job_with_file(server_, "bytes");
  const auto path = path_of(get("/uploads/" + job.id.to_string() + "/result"), "original");
  const auto refused = get(path.substr(0, path.find('?')));
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.member("error"), "");
  const std::string query = path.substr(path.find('?'));
  EXPECT_EQ(get("/uploads/resized/" + job.id.to_string() + ".jpg" + query).status, 403);
}

TEST_F(UploadRoutes, GiveFilesToAnyoneUntilTheAddressExpires) {
  const auto job = make_job_with_file(server_, "bytes");
  const auto path = path_of(get("/uploads/" + job.id.to_string() + "/result"), "original");
  EXPECT_EQ(get(path, "X-API-Key: somebody\r\n").status, 200);
  now_ = now_.load() + std::chrono::minutes{59};
  EXPECT_EQ(get(path).status, 200);
  now_ = now_.load() + std::chrono::minutes{7};
  const auto expired = get(path);
  EXPECT_EQ(expired.status, 403);
  EXPECT_THAT(expired.member("error"), HasSubstr("was good until a while ago"));
}

}  // namespace
}  // namespace darkroom::http
