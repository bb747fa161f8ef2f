#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/pipeline.hpp"
#include "tests/imaging/hostile/every_kind.hpp"
#include "tests/imaging/jpeg/jpeg_samples.hpp"
#include "tests/imaging/png/png_samples.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;
using ::testing::HasSubstr;

constexpr std::string_view payload = "<script>alert(document.cookie)</script>";

bool contains(const EncodedImage& file, std::string_view text) {
  const auto same = [](std::byte a, char b) { return a == static_cast<std::byte>(b); };
  return std::search(file.begin(), file.end(), text.begin(), text.end(), same) != file.end();
}

/// A JPEG with a comment behind SOI.
EncodedImage with_comment(const EncodedImage& jpeg, std::string_view text) {
  FileBuilder file;
  file.append({jpeg.begin(), jpeg.begin() + 2});
  file.u16_be(0xFFFE).u16_be(static_cast<std::uint32_t>(text.size() + 2)).text(text);
  return file.append({jpeg.begin() + 2, jpeg.end()}).file();
}

std::vector<jobs::RenditionSpec> renditions_of_every_format() {
  using jobs::OutputFormat;
  std::vector<jobs::RenditionSpec> specs;
  for (const auto format :
       {OutputFormat::jpeg, OutputFormat::png, OutputFormat::webp, OutputFormat::avif}) {
    specs.push_back({.name = std::string(to_string(format)),
                     .operation = jobs::Operation::compress,
                     .format = format,
                     .keep_copyright = true});
  }
  return specs;
}

/// Pictures that are pages or archives for another program.
std::vector<Sample> polyglots() {
  const FramePtr frame = picture(32, 24);
  const auto jpeg = make_jpeg(*frame, {.subsampling = {2, 2}});
  const auto png = png_of(*frame);
  return {
      {"a comment of a JPEG", with_comment(jpeg, payload)},
      {"a page behind a JPEG", FileBuilder().append(jpeg).text(payload).file()},
      {"an archive behind a JPEG", FileBuilder().append(jpeg).text("PK\3\4").text(payload).file()},
      {"a text of a PNG", with_chunk(png, png_chunk("tEXt", bytes_of("Title\n<script>")))},
      {"a page behind a PNG", FileBuilder().append(png).text(payload).file()},
      {"a page behind a GIF", FileBuilder().append(gif_file(9, 5)).text(payload).file()}};
}

TEST(Polyglots, ArePicturesWhoseRenditionsHaveNothingButThePicture) {
  const auto specs = renditions_of_every_format();
  for (const Sample& sample : polyglots()) {
    ASSERT_TRUE(contains(sample.file, "<script>")) << sample.name;
    const auto result = run_pipeline(fast_backend(), sample.file, Limits{}, specs);
    ASSERT_TRUE(result) << sample.name << ": " << result.error().message;
    for (const auto& rendition : result->renditions) {
      ASSERT_TRUE(rendition) << sample.name << ": " << rendition.error().message;
      EXPECT_FALSE(contains(rendition->file, "<script>")) << sample.name;
    }
  }
}

TEST(Polyglots, WhatBeginsAsSomethingElseIsNoPicture) {
  const auto jpeg = make_jpeg(*picture(32, 24));
  for (const std::string_view head : {"%PDF-1.7\n", "<html>", "PK\3\4", "MZ",
                                      "\x7F"
                                      "ELF"}) {
    const auto info = probe(FileBuilder().text(head).append(jpeg).file(), Limits{});
    ASSERT_FALSE(info) << head;
    EXPECT_TRUE(info.error().code == ErrorCode::unsupported ||
                info.error().code == ErrorCode::not_an_image)
        << head;
  }
}

TEST(Polyglots, AScriptInThePlaceOfAGifsSizeIsNoPicture) {
  // JavaScript that begins with GIF89a: "/*" and "1=" are 10,799 x 15,665 pixels.
  const auto file = bytes_of("GIF89a/*1=*/=0;alert(document.cookie);//");
  const auto result = run_pipeline(fast_backend(), file, {.max_pixels = 1'000'000'000},
                                   renditions_of_every_format());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::corrupt) << result.error().message;
}

}  // namespace
}  // namespace darkroom::imaging
