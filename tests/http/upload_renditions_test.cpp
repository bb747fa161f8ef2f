#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/limits.hpp"
#include "tests/http/pictures.hpp"
#include "tests/http/test_server.hpp"

// An upload that says itself what is to be made of it. What the JSON may hold is tested with its
// reader, in tests/nodes/.

namespace darkroom::http {
namespace {

using testing::HasSubstr;

/// Reads "a,b" as two renditions of these names.
tl::expected<std::vector<jobs::RenditionSpec>, std::string> read_names(std::string_view text) {
  if (text == "bad") return tl::unexpected{std::string{"renditions: bad is no good"}};
  std::vector<jobs::RenditionSpec> renditions;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    renditions.push_back({.name = std::string{text.substr(start, end - start)}, .folder = "own"});
    start = end + 1;
  }
  return renditions;
}

class UploadRenditions : public testing::Test {
 protected:
  static std::string renditions_part(std::string_view text) {
    return form_part("name=\"renditions\"", text);
  }

  void expect_refused(const std::string& request, const std::string& code,
                      const std::string& detail) {
    const auto response = server_.exchange(request);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 400) << response->body;
    EXPECT_EQ(response->problem_code(), code);
    EXPECT_THAT(response->member("detail"), HasSubstr(detail));
    EXPECT_EQ(server_.stored_files(), 0U);
    EXPECT_EQ(server_.jobs().size(), 0U);
  }

  void expect_made(const std::string& request, const std::vector<std::string>& names) {
    const auto response = server_.exchange(request);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 201) << response->body;
    const auto upload = server_.jobs().last_upload();
    EXPECT_EQ(upload.preset, "");
    std::vector<std::string> made;
    for (const auto& spec : upload.renditions)
      made.push_back(spec.name);
    EXPECT_EQ(made, names);
    EXPECT_THAT(response->body, HasSubstr("\"preset\":null"));
  }

  TestServer server_{{}, {}, read_names};
  std::string file_ = file_part(pnm_picture(4, 3));
};

TEST_F(UploadRenditions, MayStandInTheFormBeforeAndBehindTheFile) {
  expect_made(form_request(renditions_part("a,b") + file_), {"a", "b"});
  expect_made(form_request(file_ + renditions_part("a,b")), {"a", "b"});
}

TEST_F(UploadRenditions, MayStandInTheQueryOfAFormAndOfARawBody) {
  expect_made(form_request(file_, "/v1/jobs?renditions=a%2Cb"), {"a", "b"});
  expect_made(request_text("POST", "/v1/jobs?renditions=c", "Content-Type: image/png\r\n",
                           pnm_picture(4, 3)),
              {"c"});
}

TEST_F(UploadRenditions, MayBeSaidTwiceIfTheyAreTheSame) {
  expect_made(form_request(renditions_part("a") + file_, "/v1/jobs?renditions=a"), {"a"});
}

TEST_F(UploadRenditions, AreRefusedTwiceIfTheyDiffer) {
  expect_refused(form_request(renditions_part("a") + file_, "/v1/jobs?renditions=b"),
                 "malformed_request", "Two different lists");
}

TEST_F(UploadRenditions, AreRefusedBesideAPresetWhereverEachStands) {
  const std::string preset = form_part("name=\"preset\"", "small");
  for (const auto& request : {form_request(preset + renditions_part("a") + file_),
                              form_request(renditions_part("a") + preset + file_),
                              form_request(renditions_part("a") + file_, "/v1/jobs?preset=small"),
                              form_request(preset + file_, "/v1/jobs?renditions=a"),
                              form_request(file_, "/v1/jobs?renditions=a&preset=small")}) {
    expect_refused(request, "malformed_request", "A preset and renditions are given");
  }
}

TEST_F(UploadRenditions, AreRefusedWithTheReadersWords) {
  expect_refused(form_request(renditions_part("bad") + file_), "invalid_renditions",
                 "bad is no good");
  expect_refused(form_request(file_ + renditions_part("bad")), "invalid_renditions",
                 "bad is no good");
  expect_refused(form_request(file_, "/v1/jobs?renditions=bad"), "invalid_renditions",
                 "bad is no good");
}

TEST_F(UploadRenditions, MayBeLongerThanOtherFieldsButNotEndless) {
  const std::string name(limits::renditions_bytes, 'x');
  expect_made(form_request(renditions_part(name) + file_), {name});
  const auto response = server_.exchange(form_request(renditions_part(name + "x") + file_));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->problem_code(), "malformed_multipart") << response->body;
}

TEST_F(UploadRenditions, AreNotTakenByAServiceOfPresetsOnly) {
  TestServer presets_only;
  const auto response = presets_only.exchange(form_request(renditions_part("a") + file_));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->problem_code(), "invalid_renditions");
  EXPECT_THAT(response->member("detail"), HasSubstr("name a preset"));
}

TEST_F(UploadRenditions, WaitForRoomInTheQueueAsPresetsDo) {
  server_.jobs().fail_all(actors::ServiceErrorCode::queue_full, "Full.");
  const auto response = server_.exchange(form_request(file_, "/v1/jobs?renditions=a"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->problem_code(), "queue_full");
}

}  // namespace
}  // namespace darkroom::http
