#include "nodes/process_command.hpp"

#include <algorithm>
#include <span>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imaging/pipeline.hpp"
#include "tests/files/content_of.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// A gradient as a binary PPM file.
std::string picture(int width, int height) {
  std::string file = "P6\n" + std::to_string(width) + " " + std::to_string(height) + "\n255\n";
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      file += static_cast<char>(255 * x / width);
      file += static_cast<char>(255 * y / height);
      file += '\x40';
    }
  }
  return file;
}

class Process : public ::testing::Test {
 protected:
  Process() {
    command_.output = folder_.path() / "out" / "deep";
    command_.preset = jobs::default_preset();
  }

  int run() {
    out_.str("");
    err_.str("");
    return run_process(command_, out_, err_);
  }

  void add(const std::string& name, const std::string& content) {
    command_.images.push_back(folder_.write(name, content));
  }

  /// Names of the files in the output folder, sorted.
  std::vector<std::string> written() const {
    std::vector<std::string> names;
    if (!fs::exists(command_.output)) return names;
    for (const auto& entry : fs::directory_iterator(command_.output)) {
      names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
  }

  tests::TemporaryFolder folder_;
  ProcessCommand command_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(Process, WritesWhatThePipelineMakes) {
  const std::string original = picture(1'280, 640);
  add("photo.ppm", original);
  ASSERT_EQ(run(), 0) << err_.str();
  EXPECT_THAT(written(),
              ElementsAre("photo-compressed.jpg", "photo-resized.jpg", "photo-thumbnail.jpg"));

  const auto expected =
      imaging::run_pipeline(imaging::fast_backend(), std::as_bytes(std::span{original}),
                            imaging::Limits{}, command_.preset.renditions);
  ASSERT_TRUE(expected);
  for (std::size_t i = 0; i < command_.preset.renditions.size(); ++i) {
    const std::string name = "photo-" + command_.preset.renditions[i].name + ".jpg";
    const auto& file = expected->renditions.at(i)->file;
    const std::string bytes{reinterpret_cast<const char*>(file.data()), file.size()};
    EXPECT_TRUE(tests::content_of(command_.output / name) == bytes) << name;
  }
}

TEST_F(Process, PrintsALineForEachFile) {
  add("photo.ppm", picture(1'280, 640));
  ASSERT_EQ(run(), 0);
  const auto bytes = [&](const char* name) {
    return std::to_string(fs::file_size(command_.output / name)) + " bytes\n";
  };
  const std::string prefix = command_.output.string() + "/photo-";
  EXPECT_EQ(out_.str(), prefix + "resized.jpg 1024x512 " + bytes("photo-resized.jpg") + prefix +
                            "compressed.jpg 1280x640 " + bytes("photo-compressed.jpg") + prefix +
                            "thumbnail.jpg 300x150 " + bytes("photo-thumbnail.jpg"));
  EXPECT_THAT(err_.str(), IsEmpty());
}

TEST_F(Process, NamesFilesByTheFormat) {
  command_.preset = {.name = "png",
                     .renditions = {{.name = "tiny",
                                     .operation = jobs::Operation::thumbnail,
                                     .width = 8,
                                     .format = jobs::OutputFormat::png,
                                     .folder = "thumbnails"}}};
  add("a.b.ppm", picture(16, 16));
  ASSERT_EQ(run(), 0) << err_.str();
  EXPECT_THAT(written(), ElementsAre("a.b-tiny.png"));
}

TEST_F(Process, SettlesTheFormatAutoForEachImage) {
  command_.preset = {.name = "",
                     .renditions = {{.name = "x",
                                     .operation = jobs::Operation::compress,
                                     .format = jobs::OutputFormat::automatic,
                                     .folder = "x"}}};
  add("opaque.ppm", picture(16, 16));
  ASSERT_EQ(run(), 0) << err_.str();
  EXPECT_THAT(written(), ElementsAre("opaque-x.jpg"));
}

TEST_F(Process, LaysAWatermarkOverTheRenditionThatHasOne) {
  command_.preset.renditions = {{.name = "plain",
                                 .operation = jobs::Operation::compress,
                                 .format = jobs::OutputFormat::png,
                                 .folder = "x"}};
  auto marked = command_.preset.renditions[0];
  marked.name = "marked";
  marked.watermark = jobs::Watermark{
      .name = "logo", .image = folder_.write("logo.ppm", picture(8, 8)).string(), .opacity = 1};
  command_.preset.renditions.push_back(marked);
  add("photo.ppm", picture(64, 64));
  ASSERT_EQ(run(), 0) << err_.str();
  EXPECT_NE(tests::content_of(command_.output / "photo-plain.png"),
            tests::content_of(command_.output / "photo-marked.png"));

  command_.preset.renditions[1].watermark->image = "/no/such.png";
  EXPECT_EQ(run(), 2);
  EXPECT_THAT(err_.str(), HasSubstr("/no/such.png: cannot be read"));
}

TEST_F(Process, GoesOnAfterAnImageThatFails) {
  add("text.jpg", "this is no picture");
  command_.images.push_back(folder_.path() / "missing.jpg");
  command_.images.push_back(folder_.path());
  add("good.ppm", picture(32, 32));
  EXPECT_EQ(run(), 1);
  EXPECT_THAT(written(),
              ElementsAre("good-compressed.jpg", "good-resized.jpg", "good-thumbnail.jpg"));
  std::istringstream lines(err_.str());
  std::string line;
  std::getline(lines, line);
  EXPECT_THAT(line, StartsWith((folder_.path() / "text.jpg").string() + ": "));
  std::getline(lines, line);
  EXPECT_THAT(line, EndsWith("missing.jpg: cannot be read: No such file or directory"));
  std::getline(lines, line);
  EXPECT_EQ(line, folder_.path().string() + ": cannot be read: it is a folder");
  EXPECT_FALSE(std::getline(lines, line));
}

TEST_F(Process, KeepsToTheLimits) {
  command_.config.limits.max_pixels = 100;
  add("photo.ppm", picture(32, 32));
  EXPECT_EQ(run(), 1);
  EXPECT_THAT(err_.str(), HasSubstr("photo.ppm: "));
  EXPECT_THAT(written(), IsEmpty());
}

TEST_F(Process, RefusesWhatWouldTakeTooMuchMemory) {
  command_.config.limits.max_memory = 10'000;
  add("photo.ppm", picture(32, 32));
  EXPECT_EQ(run(), 1);
  EXPECT_THAT(err_.str(), HasSubstr("The image takes too much memory: "));
  EXPECT_THAT(err_.str(), HasSubstr("32x32 pixels"));
  EXPECT_THAT(written(), IsEmpty());
}

TEST_F(Process, RefusesTwoImagesForOneFileBeforeItWritesAny) {
  add("first.ppm", picture(8, 8));
  add("a/photo.ppm", picture(8, 8));
  add("b/photo.pnm", picture(8, 8));
  EXPECT_EQ(run(), 2);
  EXPECT_THAT(err_.str(), HasSubstr("a/photo.ppm and "));
  EXPECT_THAT(err_.str(), HasSubstr("b/photo.pnm would both be written to "));
  EXPECT_THAT(written(), IsEmpty());
}

TEST_F(Process, ReplacesFilesOnlyWhenTold) {
  add("photo.ppm", picture(32, 32));
  folder_.write("out/deep/photo-thumbnail.jpg", "precious");
  EXPECT_EQ(run(), 1);
  EXPECT_THAT(err_.str(), HasSubstr("photo-thumbnail.jpg exists already; --overwrite replaces it"));
  EXPECT_THAT(written(), ElementsAre("photo-thumbnail.jpg"));
  EXPECT_EQ(tests::content_of(command_.output / "photo-thumbnail.jpg"), "precious");

  command_.overwrite = true;
  EXPECT_EQ(run(), 0) << err_.str();
  EXPECT_NE(tests::content_of(command_.output / "photo-thumbnail.jpg"), "precious");
}

TEST_F(Process, SaysThatTheOutputFolderCannotBeMade) {
  folder_.write("out", "a file in its place");
  add("photo.ppm", picture(8, 8));
  EXPECT_EQ(run(), 2);
  EXPECT_THAT(err_.str(), HasSubstr("the folder cannot be made: Not a directory"));
}

TEST_F(Process, LeavesNothingHalfWritten) {
  add("photo.ppm", picture(8, 8));
  // A folder under the name of the second file: the file cannot take its place.
  fs::create_directories(command_.output / "photo-compressed.jpg" / "x");
  command_.overwrite = true;
  EXPECT_EQ(run(), 1);
  EXPECT_THAT(err_.str(), HasSubstr("photo-compressed.jpg cannot be written: "));
  EXPECT_THAT(written(), ElementsAre("photo-compressed.jpg", "photo-resized.jpg"));
}

}  // namespace
}  // namespace darkroom::nodes
