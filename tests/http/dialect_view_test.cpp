#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/dialect_django.hpp"
#include "http/dialect_fastapi.hpp"
#include "http/dialect_upload.hpp"
#include "tests/http/dialect_sample.hpp"

// How the dialects show a job in each of its states, also in those that are short or rare.

namespace darkroom::http {
namespace {

using jobs::JobStatus;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr auto id = "0190f0c2-7b1a-7c3e-9f00-1a2b3c4d5e6f";

ViewOptions signed_options() {
  ViewOptions options;
  options.signer.emplace(persistence::SigningKey{1, 2, 3});
  options.signed_until = jobs::parse_rfc3339("2026-11-21T03:30:00.000Z").value();
  return options;
}

TEST(DjangoView, IsThatOfTheDocument) {
  const std::string id_text = id;
  EXPECT_EQ(django_view(dialect_sample(JobStatus::pending), {}),
            "{\"id\":\"" + id_text +
                R"(","status":"pending","original_image":"/media/originals/sample.jpg",)"
                R"("resized_image":null,"error_message":null,)"
                R"("created_at":"2025-11-05T00:47:15.267000Z"})"
                "\n");
  EXPECT_EQ(
      django_view(dialect_sample(JobStatus::completed), {}),
      "{\"id\":\"" + id_text +
          R"(","status":"completed","original_image":"/media/originals/sample.jpg",)"
          R"("resized_image":"/media/thumbnails/thumbnail-0190f0c27b1a7c3e9f001a2b3c4d5e6f.jpg",)"
          R"("error_message":null,"created_at":"2025-11-05T00:47:15.267000Z"})"
          "\n");
}

TEST(DjangoView, KnowsThreeStates) {
  const std::map<JobStatus, std::string> words{
      {JobStatus::pending, "pending"},  {JobStatus::processing, "pending"},
      {JobStatus::retrying, "pending"}, {JobStatus::completed, "completed"},
      {JobStatus::failed, "failed"},    {JobStatus::cancelled, "failed"}};
  for (const auto& [status, word] : words)
    EXPECT_THAT(django_view(dialect_sample(status), {}), HasSubstr("\"status\":\"" + word + '"'));
}

TEST(DjangoView, SaysWhyAJobHasNoImage) {
  auto job = dialect_sample(JobStatus::failed);
  job.error_message = "Corrupted image file: cut off";
  EXPECT_THAT(django_view(job, {}),
              HasSubstr(R"("resized_image":null,"error_message":"Corrupted image file: cut off")"));
  EXPECT_THAT(django_view(dialect_sample(JobStatus::cancelled), {}),
              HasSubstr(R"("error_message":"Cancelled.")"));
  // What went wrong at first is no error yet.
  job.status = JobStatus::retrying;
  EXPECT_THAT(django_view(job, {}), HasSubstr(R"("error_message":null)"));
}

TEST(DjangoView, CallsAnUploadOfAnotherRouteByItsId) {
  auto job = dialect_sample(JobStatus::pending);
  job.public_name.clear();
  EXPECT_THAT(django_view(job, {}), HasSubstr(std::string{"/media/originals/"} + id + ".jpg\""));
}

TEST(DjangoView, WritesNamesAsAddresses) {
  auto job = dialect_sample(JobStatus::pending);
  job.public_name = "gr\xC3\xBC\xC3\x9F.jpg";
  EXPECT_THAT(django_view(job, {}), HasSubstr("/media/originals/gr%C3%BC%C3%9F.jpg\""));
}

// Two tenants may have a file of the same name, and a signature says nothing of tenants.
TEST(DjangoView, CallsWhatIsSignedByItsId) {
  const auto view = django_view(dialect_sample(JobStatus::completed), signed_options());
  EXPECT_THAT(view, HasSubstr(std::string{"/media/originals/"} + id + ".jpg?expires="));
  EXPECT_THAT(view, HasSubstr("6f.jpg?expires="));
  EXPECT_THAT(view, Not(HasSubstr("sample.jpg")));
}

TEST(DjangoView, HasNoImageWithoutAThumbnailInThePreset) {
  auto job = dialect_sample(JobStatus::completed);
  std::erase_if(job.renditions, [](const jobs::Rendition& rendition) {
    return rendition.spec.operation == jobs::Operation::thumbnail;
  });
  EXPECT_THAT(django_view(job, {}), HasSubstr(R"("resized_image":null)"));
}

TEST(UploadView, KnowsFourStates) {
  const std::map<JobStatus, std::string> words{
      {JobStatus::pending, "pending"},     {JobStatus::processing, "processing"},
      {JobStatus::retrying, "processing"}, {JobStatus::completed, "completed"},
      {JobStatus::failed, "failed"},       {JobStatus::cancelled, "failed"}};
  for (const auto& [status, word] : words) {
    EXPECT_EQ(upload_status_view(dialect_sample(status)),
              std::string{"{\"id\":\""} + id + "\",\"status\":\"" + word + "\"}\n");
  }
}

TEST(UploadView, GivesSignedAddressesAtOnceThatStayTheSame) {
  ViewOptions options = signed_options();
  options.base_url = "https://pictures.example";
  const auto view = upload_result_view(dialect_sample(JobStatus::pending), options);
  const std::string start = "https://pictures\\.example/uploads/";
  const std::string end =
      std::string{"/"} + id + "\\.jpg\\?expires=1795231800&signature=[0-9a-f]+\"";
  EXPECT_THAT(view, MatchesRegex(std::string{"\\{\"id\":\""} + id + "\",\"original\":\"" + start +
                                 "originals" + end + ",\"resized\":\"" + start + "resized" + end +
                                 ",\"compressed\":\"" + start + "compressed" + end +
                                 ",\"thumbnail\":\"" + start + "thumbnail" + end + "\\}\n"));
  EXPECT_EQ(upload_result_view(dialect_sample(JobStatus::completed), options), view);
}

TEST(UploadView, HasNoAddressOfWhatIsNotMade) {
  auto job = dialect_sample(JobStatus::pending);
  job.renditions.clear();
  EXPECT_THAT(upload_result_view(job, signed_options()),
              HasSubstr(R"("resized":null,"compressed":null,"thumbnail":null)"));
}

TEST(FastApiView, IsThatOfTheDocument) {
  const std::string id_text = id;
  EXPECT_EQ(fastapi_upload_view(dialect_sample(JobStatus::pending)),
            "{\"id\":\"" + id_text + "\",\"task_id\":\"" + id_text +
                R"(","filename":"sample.jpg","status_url":"/upload/)" + id_text +
                R"(/status","result_url":"/upload/)" + id_text +
                R"(/result","message":"File uploaded successfully. )"
                R"(Processing started in the background."})"
                "\n");
  EXPECT_EQ(fastapi_result_view(dialect_sample(JobStatus::completed), {}),
            R"({"status":"SUCCESS","result":{"resized_compressed":"/files/processed/)" + id_text +
                R"(/sample_resized_compressed.jpeg","thumbnail":"/files/processed/)" + id_text +
                R"(/sample_thumbnail.jpeg"}})"
                "\n");
}

TEST(FastApiView, KnowsTheStatesOfCelery) {
  const std::map<JobStatus, std::string> words{
      {JobStatus::pending, "PENDING"}, {JobStatus::processing, "PROGRESS"},
      {JobStatus::retrying, "RETRY"},  {JobStatus::completed, "SUCCESS"},
      {JobStatus::failed, "FAILURE"},  {JobStatus::cancelled, "REVOKED"}};
  for (const auto& [status, word] : words) {
    EXPECT_EQ(fastapi_status_view(dialect_sample(status)),
              std::string{"{\"task_id\":\""} + id + "\",\"status\":\"" + word + "\"}\n");
    EXPECT_THAT(fastapi_result_view(dialect_sample(status), {}),
                HasSubstr("{\"status\":\"" + word + "\",\"result\":"));
  }
}

TEST(FastApiView, HasNoResultUntilThereIsOne) {
  EXPECT_EQ(fastapi_result_view(dialect_sample(JobStatus::retrying), {}),
            "{\"status\":\"RETRY\",\"result\":null}\n");
  auto job = dialect_sample(JobStatus::failed);
  job.error_message = "Corrupted image file: cut off";
  EXPECT_EQ(
      fastapi_result_view(job, {}),
      "{\"status\":\"FAILURE\",\"result\":null,\"error\":\"Corrupted image file: cut off\"}\n");
  EXPECT_EQ(fastapi_result_view(dialect_sample(JobStatus::cancelled), {}),
            "{\"status\":\"REVOKED\",\"result\":null,\"error\":\"Cancelled.\"}\n");
}

TEST(FastApiView, NamesFilesSoThatAnyClientCanFetchThem) {
  auto job = dialect_sample(JobStatus::completed);
  job.original.filename = "my photo (1)/..?.png";
  EXPECT_THAT(fastapi_result_view(job, {}), HasSubstr("/my_photo_1.._thumbnail.jpeg\""));
  job.original.filename = "";
  EXPECT_THAT(fastapi_result_view(job, {}), HasSubstr("/image_thumbnail.jpeg\""));
  job.renditions.back().spec.format = jobs::OutputFormat::webp;
  EXPECT_THAT(fastapi_result_view(job, {}), HasSubstr("/image_thumbnail.webp\""));
}

}  // namespace
}  // namespace darkroom::http
