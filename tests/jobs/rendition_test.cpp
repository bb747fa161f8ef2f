#include "jobs/rendition.hpp"

#include <gtest/gtest.h>

namespace darkroom::jobs {
namespace {

/// Every name of an enumeration must lead back to its value.
template <class Enum, class Parse>
void expect_names_of(std::size_t count, Parse parse) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<Enum>(i);
    EXPECT_EQ(parse(to_string(value)), value) << i;
  }
  EXPECT_EQ(to_string(static_cast<Enum>(count)), "unknown");
  EXPECT_EQ(parse("unknown"), std::nullopt);
}

TEST(Rendition, HasAWordForEachChoice) {
  expect_names_of<Operation>(3, parse_operation);
  expect_names_of<OutputFormat>(5, parse_output_format);
  expect_names_of<Fit>(4, parse_fit);
  expect_names_of<Gravity>(10, parse_gravity);
  expect_names_of<ChromaSubsampling>(4, parse_chroma_subsampling);
}

TEST(Rendition, WritesColoursAsTheWebDoes) {
  EXPECT_EQ(to_string(Colour{0, 10, 255}), "#000aff");
  EXPECT_EQ(parse_colour("#000aff"), (Colour{0, 10, 255}));
  EXPECT_EQ(parse_colour("#FFFFFF"), Colour::white());
  for (const char* text :
       {"", "#", "ffffff", "#fff", "#fffffff", "#gggggg", "#+1+1+1", "#ff ff0"}) {
    EXPECT_EQ(parse_colour(text), std::nullopt) << text;
  }
}

TEST(Rendition, WritesAFocalPointAsTwoNumbers) {
  EXPECT_EQ(to_string(FocalPoint{0.3, 1}), "0.3,1");
  EXPECT_EQ(parse_focal_point("0.3,1"), (FocalPoint{0.3, 1}));
  EXPECT_EQ(parse_focal_point("0, 0.25"), (FocalPoint{0, 0.25}));
  for (const char* text : {"", ",", "1", "0.5,", ",0.5", "0.5,1.1", "-0.1,0", "nan,0", "0,0,0"}) {
    EXPECT_EQ(parse_focal_point(text), std::nullopt) << text;
  }
}

TEST(Rendition, HasATypeAndAnExtensionForEachFormat) {
  EXPECT_EQ(content_type(OutputFormat::webp), "image/webp");
  EXPECT_EQ(content_type(OutputFormat::avif), "image/avif");
  EXPECT_EQ(extension(OutputFormat::jpeg), "jpg");
  EXPECT_EQ(extension(OutputFormat::avif), "avif");
}

}  // namespace
}  // namespace darkroom::jobs
