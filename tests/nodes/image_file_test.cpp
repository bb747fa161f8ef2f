#include "nodes/image_file.hpp"

#include <filesystem>
#include <span>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/files/content_of.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::nodes {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

tl::expected<void, std::string> write(const fs::path& path, const std::string& content) {
  return write_image_file(path, std::as_bytes(std::span{content}));
}

TEST(ImageFile, IsWrittenInPlaceOfAnother) {
  const tests::TemporaryFolder folder;
  const fs::path path = folder.path() / "a.jpg";
  ASSERT_TRUE(write(path, "one"));
  ASSERT_TRUE(write(path, "two"));
  EXPECT_EQ(tests::content_of(path), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator{folder.path()}, fs::directory_iterator{}), 1);
}

// Others may have made links in a shared folder: neither they nor what they lead to may be touched.
TEST(ImageFile, IsNeverWrittenThroughALink) {
  const tests::TemporaryFolder folder;
  const fs::path precious = folder.write("precious", "keep me");
  const fs::path path = folder.path() / "a.jpg";
  fs::create_symlink(precious, path);
  // The temporary name that could be foreseen.
  fs::create_symlink(precious, folder.path() / ("a.jpg." + std::to_string(::getpid()) + ".tmp"));
  ASSERT_TRUE(write(path, "picture"));
  EXPECT_EQ(tests::content_of(precious), "keep me");
  EXPECT_EQ(tests::content_of(path), "picture");
  EXPECT_FALSE(fs::is_symlink(path));
}

TEST(ImageFile, SaysWhyItCannotBeWritten) {
  const tests::TemporaryFolder folder;
  const auto written = write(folder.path() / "missing" / "a.jpg", "x");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error(), HasSubstr("a.jpg cannot be written: "));
  EXPECT_THAT(written.error(), HasSubstr("No such file"));
}

TEST(ImageFile, IsNotReadWhereItIsTooLarge) {
  const tests::TemporaryFolder folder;
  const fs::path path = folder.write("huge.jpg", "x");
  std::error_code error;
  fs::resize_file(path, max_image_file_bytes + 1, error);
  if (error) GTEST_SKIP() << "no such large file here: " << error.message();
  const auto bytes = read_image_file(path);
  ASSERT_FALSE(bytes);
  EXPECT_THAT(bytes.error(), HasSubstr("17179869184 are the most for a picture"));
}

}  // namespace
}  // namespace darkroom::nodes
