#include <atomic>

#include <gtest/gtest.h>

#include "http/file_facts.hpp"
#include "tests/http/job_with_files.hpp"
#include "tests/http/test_server.hpp"

namespace darkroom::http {
namespace {

class FileRouteTest : public testing::Test {
 protected:
  FileRouteTest() {
    for (int i = 0; content_.size() < 1'000'000; ++i)
      content_ += std::to_string(i) + ",";
    job_ = make_job_with_file(server_, content_);
    path_ = "/files/" + job_.original.blob_key;
  }

  [[nodiscard]] RawResponse get(std::string_view header_lines, std::string_view method = "GET") {
    const auto response = server_.exchange(request_text(method, path_, header_lines));
    return response.value_or(RawResponse{});
  }

  [[nodiscard]] RawResponse head(const std::string& path) const {
    return server_.exchange(request_text("HEAD", path)).value_or(RawResponse{});
  }

  [[nodiscard]] RawResponse head_of(const jobs::Job& job) const {
    return head("/files/" + job.original.blob_key);
  }

  void expect_unknown(const std::string& path) const {
    const auto response = server_.exchange(request_text("GET", path));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 404) << path;
    EXPECT_EQ(response->problem_code(), "unknown_file") << path;
  }

  std::atomic<jobs::Timestamp> now_{jobs::system_now()};
  TestServer server_{
      [this](Services& services) { services.wall_clock = [this] { return now_.load(); }; }};
  std::string content_;
  jobs::Job job_;
  std::string path_;
};

TEST_F(FileRouteTest, SendsTheFileWithItsHeaders) {
  const auto response = get("");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, content_);
  EXPECT_EQ(response.field("content-type"), "image/jpeg");
  EXPECT_EQ(response.field("content-length"), std::to_string(content_.size()));
  EXPECT_EQ(response.field("accept-ranges"), "bytes");
  EXPECT_EQ(response.field("x-content-type-options"), "nosniff");
  EXPECT_EQ(response.field("content-security-policy"), "default-src 'none'; sandbox");
  EXPECT_EQ(response.field("cache-control"), "private, max-age=3600, immutable");
  EXPECT_TRUE(response.field("last-modified").ends_with(" GMT"));
  EXPECT_TRUE(response.field("date").ends_with(" GMT"));
  EXPECT_TRUE(response.field("etag").starts_with('"'));
  EXPECT_EQ(response.field("content-disposition"), "inline; filename=\"photo.jpg\"");
}

TEST_F(FileRouteTest, SendsTheSameHeadersForHead) {
  const auto get_response = get("");
  const auto response = get("", "HEAD");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  for (const auto* name :
       {"content-length", "content-type", "etag", "last-modified", "accept-ranges"}) {
    EXPECT_EQ(response.field(name), get_response.field(name)) << name;
  }
}

TEST_F(FileRouteTest, NamesTheTypeThatTheJobKnows) {
  EXPECT_EQ(head_of(make_job_with_file(server_, "x", "a.exe", "heic")).field("content-type"),
            "image/heic");
  actors::NewJob upload;
  upload.id = jobs::JobId::generate(now_);
  upload.original.blob_key = jobs::original_key(upload.id, "jpg");
  upload.renditions = {{.name = "w", .format = jobs::OutputFormat::webp, .folder = "resized"},
                       {.name = "a", .format = jobs::OutputFormat::avif, .folder = "resized"}};
  (void)server_.jobs().create(upload);
  const auto job = complete_with_files(server_, upload.id);
  EXPECT_EQ(head("/files/" + job.renditions.at(0).blob_key).field("content-type"), "image/webp");
  EXPECT_EQ(head("/files/" + job.renditions.at(1).blob_key).field("content-type"), "image/avif");
}

TEST_F(FileRouteTest, TagsTheFileByItsBytes) {
  const std::string tag = '"' + sha256_of(content_).substr(0, 32) + '"';
  EXPECT_EQ(get("", "HEAD").field("etag"), tag);
  // The same bytes in another job, whenever they were written.
  EXPECT_EQ(head_of(make_job_with_file(server_, content_)).field("etag"), tag);
  EXPECT_NE(head_of(make_job_with_file(server_, content_ + "x")).field("etag"), tag);
}

TEST_F(FileRouteTest, SavesTheFileByTheNameOfTheUpload) {
  const auto job = complete_with_files(
      server_, make_job_with_file(server_, "x", "gr\xC3\xBC\xC3\x9F.png", "png").id);
  const std::string original = "/files/" + job.original.blob_key;
  EXPECT_EQ(head(original).field("content-disposition"),
            "inline; filename=\"gr__.png\"; filename*=UTF-8''gr%C3%BC%C3%9F.png");
  const std::string thumbnail = "/files/" + job.renditions.at(2).blob_key;
  EXPECT_EQ(head(thumbnail + "?download=1").field("content-disposition"),
            "attachment; filename=\"gr__-thumbnail.jpg\"; "
            "filename*=UTF-8''gr%C3%BC%C3%9F-thumbnail.jpg");
  EXPECT_TRUE(head(thumbnail + "?download=0").field("content-disposition").starts_with("inline;"));
  const auto refused = server_.exchange(request_text("GET", thumbnail + "?download=please"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->problem_code(), "malformed_request");
}

TEST_F(FileRouteTest, HasNoFileOfAJobThatIsGone) {
  (void)server_.jobs().remove(job_.id);
  expect_unknown(path_);
}

TEST_F(FileRouteTest, HasNoFileThatTheJobDoesNotReferTo) {
  const auto spec = job_.renditions.front().spec;
  const std::string key = jobs::rendition_key(job_.id, spec, 7);
  server_.put_blob(key, "left by an attempt that was taken for dead");
  expect_unknown("/files/" + key);
  server_.put_blob("uploads/resized/a.jpg", "of no job");
  expect_unknown("/files/uploads/resized/a.jpg");
}

TEST_F(FileRouteTest, HasNoFileOfAnExpiredJob) {
  const auto age = [this] { return head(path_).field("cache-control"); };
  EXPECT_EQ(age(), "private, max-age=3600, immutable");
  now_ = job_.expires_at - std::chrono::seconds{90};
  EXPECT_EQ(age(), "private, max-age=90, immutable");
  now_ = job_.expires_at;
  expect_unknown(path_);
}

TEST_F(FileRouteTest, SoonForgetsTheFilesOfAJobThatIsGone) {
  EXPECT_EQ(head(path_).status, 200);
  (void)server_.jobs().remove(job_.id);
  now_ = now_.load() + FileDirectory::kept_for;
  expect_unknown(path_);
}

TEST_F(FileRouteTest, SaysWhereTheJobCannotBeAskedFor) {
  server_.jobs().fail_all(actors::ServiceErrorCode::unavailable, "It restarts.");
  const auto response = get("");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.problem_code(), "unavailable");
}

TEST_F(FileRouteTest, AsksForAJobOnceForManyDownloads) {
  EXPECT_EQ(get("").status, 200);
  server_.jobs().fail_all(actors::ServiceErrorCode::unavailable, "It restarts.");
  EXPECT_EQ(get("").status, 200);
}

TEST_F(FileRouteTest, SendsARange) {
  const std::string size = std::to_string(content_.size());
  const auto middle = get("Range: bytes=500000-500099\r\n");
  EXPECT_EQ(middle.status, 206);
  EXPECT_EQ(middle.body, content_.substr(500'000, 100));
  EXPECT_EQ(middle.field("content-range"), "bytes 500000-500099/" + size);
  EXPECT_EQ(middle.field("content-length"), "100");
  const auto suffix = get("Range: bytes=-10\r\n");
  EXPECT_EQ(suffix.status, 206);
  EXPECT_EQ(suffix.body, content_.substr(content_.size() - 10));
  const auto rest = get("Range: bytes=10-99999999\r\n");
  EXPECT_EQ(rest.status, 206);
  EXPECT_EQ(rest.body, content_.substr(10));
}

TEST_F(FileRouteTest, RefusesARangeBehindTheEnd) {
  const auto response = get("Range: bytes=1000000000-\r\n");
  EXPECT_EQ(response.status, 416);
  EXPECT_EQ(response.problem_code(), "range_not_satisfiable");
  EXPECT_EQ(response.field("content-range"), "bytes */" + std::to_string(content_.size()));
}

TEST_F(FileRouteTest, IgnoresOtherRanges) {
  const std::string long_number = "bytes=x" + std::string(4'000, '1') + "-,2-";
  for (const std::string& range : {std::string{"bytes=1-2,6-5"}, std::string{"nonsense"},
                                   std::string{"bytes=9-1"}, long_number}) {
    const auto response = get("Range: " + range + "\r\n");
    EXPECT_EQ(response.status, 200) << range;
    EXPECT_EQ(response.body.size(), content_.size());
  }
}

TEST_F(FileRouteTest, SendsARangeOnlyOfTheVersionAskedFor) {
  const std::string etag = get("", "HEAD").field("etag");
  EXPECT_EQ(get("Range: bytes=0-9\r\nIf-Range: " + etag + "\r\n").status, 206);
  EXPECT_EQ(get("Range: bytes=0-9\r\nIf-Range: \"other\"\r\n").status, 200);
}

TEST_F(FileRouteTest, SendsNothingTheClientHas) {
  const std::string etag = get("", "HEAD").field("etag");
  for (const std::string& tags : {etag, "\"x\", " + etag, "W/" + etag, std::string{"*"}}) {
    const auto response = get("If-None-Match: " + tags + "\r\n");
    EXPECT_EQ(response.status, 304) << tags;
    EXPECT_EQ(response.field("etag"), etag);
    EXPECT_EQ(response.field("content-length"), "");
  }
  EXPECT_EQ(get("If-None-Match: \"other\"\r\n").status, 200);
}

TEST_F(FileRouteTest, ReadsTheTagsOfSeveralLines) {
  const std::string etag = get("", "HEAD").field("etag");
  EXPECT_EQ(get("If-None-Match: \"x\"\r\nIf-None-Match: " + etag + "\r\n").status, 304);
}

TEST_F(FileRouteTest, SendsNothingThatIsAsOldAsTheClientsCopy) {
  const std::string modified = get("", "HEAD").field("last-modified");
  EXPECT_EQ(get("If-Modified-Since: " + modified + "\r\n").status, 304);
  EXPECT_EQ(get("If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n").status, 200);
  EXPECT_EQ(get("If-Modified-Since: yesterday\r\n").status, 200);
  // A tag is the better validator: with one, the date does not count.
  EXPECT_EQ(get("If-None-Match: \"x\"\r\nIf-Modified-Since: " + modified + "\r\n").status, 200);
}

TEST_F(FileRouteTest, SendsOnlyWhatTheClientExpects) {
  const auto head = get("", "HEAD");
  EXPECT_EQ(get("If-Match: " + head.field("etag") + "\r\n").status, 200);
  EXPECT_EQ(get("If-Match: *\r\n").status, 200);
  EXPECT_EQ(get("If-Unmodified-Since: " + head.field("last-modified") + "\r\n").status, 200);
  for (const std::string& condition :
       {std::string{"If-Match: \"x\"\r\n"}, "If-Match: W/" + head.field("etag") + "\r\n",
        std::string{"If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n"}}) {
    const auto response = get(condition + "Range: bytes=0-1\r\n");
    EXPECT_EQ(response.status, 412) << condition;
    EXPECT_EQ(response.problem_code(), "precondition_failed");
  }
}

TEST_F(FileRouteTest, TakesARangeForGetOnly) {
  const auto response = get("Range: bytes=0-9\r\n", "HEAD");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.field("content-length"), std::to_string(content_.size()));
  EXPECT_EQ(get("Range: bytes=1000000000-\r\n", "HEAD").status, 200);
}

TEST(FileFactsOfAnOriginal, NameItByWhatItIsAndNotByWhatItsUrlSaid) {
  jobs::Job job;
  job.original.content_type = "image/png";
  job.original.blob_key = "uploads/originals/1.2.jpg";
  job.original.filename = "photo.jpg";
  EXPECT_EQ(facts_of_original(job).name, "photo.jpg.png");
  job.original.filename = "photo.php";
  job.original.blob_key = "uploads/originals/1.2.img";
  EXPECT_EQ(facts_of_original(job).name, "photo.php.png");
  job.original.filename = "";
  EXPECT_EQ(facts_of_original(job).name, "1.2.png");
  job.original.content_type = "image/jpeg";
  job.original.filename = "Photo.JPEG";
  EXPECT_EQ(facts_of_original(job).name, "Photo.JPEG");
}

TEST_F(FileRouteTest, KnowsNoOtherFiles) {
  for (const auto* other :
       {"/files/uploads/resized/b.jpg", "/files/uploads/resized", "/files/x",
        "/files/../../etc/passwd", "/files/uploads/../../../etc/passwd",
        "/files/uploads/resized/..%2f..%2f..%2fetc%2fpasswd", "/files//etc/passwd",
        "/files/uploads/resized/a.jpg/", "/files/uploads/resized/a.jpg%00", "/files/%ff",
        "/files/temporary/x"}) {
    expect_unknown(other);
  }
}

}  // namespace
}  // namespace darkroom::http
