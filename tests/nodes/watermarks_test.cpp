#include "nodes/watermarks.hpp"

#include <span>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/backend.hpp"
#include "imaging/frame.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Watermarks : public ::testing::Test {
 protected:
  /// A small picture in `format`.
  static std::string picture(jobs::OutputFormat format) {
    const imaging::Frame frame{4, 4, imaging::PixelLayout::rgb, std::vector<std::uint8_t>(48, 7)};
    imaging::EncodeOptions options;
    options.format = format;
    const auto file = imaging::fast_backend().encode(frame, options).value();
    return {reinterpret_cast<const char*>(file.data()), file.size()};
  }

  std::vector<std::string> problems_with(const std::string& image) {
    effective_ = {};
    effective_.config.watermarks = {{.name = "logo", .image = image}};
    effective_.origins["watermark.logo"] = "config.toml:3";
    return prepare();
  }

  std::vector<std::string> prepare() {
    std::vector<Problem> problems;
    prepare_watermarks(folder_.path(), effective_, problems);
    std::vector<std::string> lines;
    for (const Problem& problem : problems)
      lines.push_back(problem.line);
    return lines;
  }

  tests::TemporaryFolder folder_;
  EffectiveConfig effective_;
};

TEST_F(Watermarks, MayBePngAndWebp) {
  folder_.write("logo.png", picture(jobs::OutputFormat::png));
  EXPECT_THAT(problems_with("logo.png"), IsEmpty());
  EXPECT_EQ(effective_.config.watermarks[0].image, (folder_.path() / "logo.png").string());
  folder_.write("logo.webp", picture(jobs::OutputFormat::webp));
  EXPECT_THAT(problems_with("./x/../logo.webp"), IsEmpty());
}

TEST_F(Watermarks, ThatCannotBeReadKeepTheProgramFromStarting) {
  const std::string place = "config.toml:3: watermark \"logo\": " + folder_.path().string();
  EXPECT_THAT(problems_with("gone.png"),
              ElementsAre(place + "/gone.png cannot be read: No such file or directory"));
  EXPECT_THAT(problems_with("."), ElementsAre(HasSubstr("it is a folder")));
  folder_.write("text.png", "this is no picture");
  EXPECT_THAT(problems_with("text.png"), ElementsAre(HasSubstr("text.png cannot be used: ")));
  folder_.write("photo.jpg", picture(jobs::OutputFormat::jpeg));
  EXPECT_THAT(problems_with("photo.jpg"),
              ElementsAre(HasSubstr("must be a PNG or WebP file, which can be transparent, not "
                                    "jpeg")));
  const std::string whole = picture(jobs::OutputFormat::png);
  folder_.write("cut.png", whole.substr(0, whole.size() - 20));
  EXPECT_THAT(problems_with("cut.png"), ElementsAre(HasSubstr("cut.png cannot be used: ")));
}

TEST_F(Watermarks, AreGivenToThePresetsThatNameThem) {
  folder_.write("logo.png", picture(jobs::OutputFormat::png));
  effective_.config.watermarks = {{.name = "logo", .image = "logo.png", .opacity = 0.25}};
  effective_.config.presets[0].renditions[0].watermark =
      jobs::Watermark{.name = "logo", .image = ""};
  EXPECT_THAT(prepare(), IsEmpty());
  const auto& mark = effective_.config.presets[0].renditions[0].watermark;
  EXPECT_EQ(mark->image, (folder_.path() / "logo.png").string());
  EXPECT_EQ(mark->opacity, 0.25);
}

TEST_F(Watermarks, ThatAreNotThereAreNamedWithTheirPreset) {
  effective_.config.presets[0].renditions[0].watermark =
      jobs::Watermark{.name = "logo", .image = ""};
  EXPECT_THAT(prepare(), ElementsAre("default: preset \"default\": rendition \"resized\": there is "
                                     "no watermark \"logo\"; the configuration has none"));
}

}  // namespace
}  // namespace darkroom::nodes
