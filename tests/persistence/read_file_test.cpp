#include "persistence/read_file.hpp"

#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/files/temporary_folder.hpp"

namespace darkroom::persistence {
namespace {

using testing::HasSubstr;

TEST(ReadFile, GivesAllBytesUpToTheLimit) {
  const tests::TemporaryFolder folder;
  const auto path = folder.path() / "file";
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{100'000}}) {
    std::ofstream{path} << std::string(size, 'x');
    EXPECT_EQ(read_file(path, 100'000).value(), std::vector<std::byte>(size, std::byte{'x'}));
  }
  const auto refused = read_file(path, 99'999);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("more than 99999 bytes"));
}

TEST(ReadFile, RefusesWhatIsNoFileWithoutWaiting) {
  const tests::TemporaryFolder folder;
  const auto pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const auto& path : {folder.path(), pipe, folder.path() / "gone"}) {
    const auto refused = read_file(path, 100);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, StoreErrorCode::not_found) << refused.error().message;
  }
}

}  // namespace
}  // namespace darkroom::persistence
