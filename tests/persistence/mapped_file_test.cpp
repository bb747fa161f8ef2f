#include "persistence/mapped_file.hpp"

#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/files/temporary_folder.hpp"

namespace darkroom::persistence {
namespace {

std::string text_of(const MappedFile& file) {
  const auto bytes = file.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(MappedFile, ShowsTheWholeFile) {
  const tests::TemporaryFolder folder;
  const std::string content(100'000, 'x');
  std::ofstream{folder.path() / "file"} << content;
  EXPECT_EQ(text_of(MappedFile::open(folder.path() / "file").value()), content);
}

TEST(MappedFile, IsEmptyForAnEmptyFile) {
  const tests::TemporaryFolder folder;
  std::ofstream{folder.path() / "file"} << "";
  EXPECT_TRUE(MappedFile::open(folder.path() / "file").value().bytes().empty());
}

TEST(MappedFile, OutlivesTheFilesName) {
  const tests::TemporaryFolder folder;
  std::ofstream{folder.path() / "file"} << "abc";
  const auto file = MappedFile::open(folder.path() / "file").value();
  std::filesystem::remove(folder.path() / "file");
  EXPECT_EQ(text_of(file), "abc");
}

TEST(MappedFile, CanBeMoved) {
  const tests::TemporaryFolder folder;
  std::ofstream{folder.path() / "a"} << "a";
  std::ofstream{folder.path() / "b"} << "bb";
  auto a = MappedFile::open(folder.path() / "a").value();
  {
    auto b = MappedFile::open(folder.path() / "b").value();
    a = std::move(b);
  }
  const auto moved = std::move(a);
  EXPECT_EQ(text_of(moved), "bb");
}

TEST(MappedFile, SaysWhatIsWrong) {
  const tests::TemporaryFolder folder;
  const auto pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const auto& path : {folder.path() / "missing", folder.path(), pipe}) {
    const auto file = MappedFile::open(path);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, StoreErrorCode::not_found);
    EXPECT_THAT(file.error().message, testing::HasSubstr(path.string()));
  }
}

}  // namespace
}  // namespace darkroom::persistence
