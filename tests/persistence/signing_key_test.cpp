#include "persistence/signing_key.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/data_folder.hpp"
#include "persistence/store_backup.hpp"
#include "persistence/store_restore.hpp"
#include "persistence/store_verify.hpp"
#include "tests/files/content_of.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/persistence/filled_store.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SigningKeyFile : public testing::Test {
 protected:
  [[nodiscard]] fs::path file() const { return folder_.path() / data_folder::signing_key; }

  void expect_refused(const std::string& why) const {
    const auto key = load_signing_key(folder_.path());
    ASSERT_FALSE(key);
    EXPECT_THAT(key.error().message, HasSubstr(why));
    EXPECT_THAT(key.error().message, HasSubstr(file().string()));
    EXPECT_THAT(key.error().message, HasSubstr("Remove it"));
  }

  void write(const std::string& content) const {
    (void)folder_.write(data_folder::signing_key, content);
    fs::permissions(file(), fs::perms::owner_read | fs::perms::owner_write);
  }

  tests::TemporaryFolder folder_;
};

TEST_F(SigningKeyFile, IsMadeOnceAndKept) {
  const auto first = load_signing_key(folder_.path());
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(load_signing_key(folder_.path()).value(), *first);
  EXPECT_EQ(fs::status(file()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(std::distance(fs::directory_iterator{folder_.path()}, {}), 1) << "nothing else is left";
  const tests::TemporaryFolder other;
  EXPECT_NE(load_signing_key(other.path()).value(), *first);
}

TEST_F(SigningKeyFile, OfAStartThatWasCutOffIsMadeAnew) {
  (void)folder_.write(data_folder::unfinished_signing_key, "half a k");
  const auto key = load_signing_key(folder_.path());
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_FALSE(fs::exists(folder_.path() / data_folder::unfinished_signing_key));
}

TEST_F(SigningKeyFile, ThatOthersMayReadIsRefused) {
  ASSERT_TRUE(load_signing_key(folder_.path()));
  for (const auto others : {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write,
                            fs::perms::others_exec}) {
    fs::permissions(file(), fs::perms::owner_read | others);
    expect_refused("may be read by others");
  }
}

TEST_F(SigningKeyFile, ThatIsDamagedIsRefused) {
  const std::string digits(64, 'a');
  for (const std::string& content : {std::string{}, digits, digits + "\n\n", std::string(65, '\0'),
                                     std::string(64, 'G') + "\n", digits.substr(1) + "\n"}) {
    write(content);
    expect_refused("is damaged");
  }
  write(digits + "\n");
  EXPECT_TRUE(load_signing_key(folder_.path()));
}

TEST_F(SigningKeyFile, ThatIsNoFileIsRefused) {
  fs::create_directory(file());
  fs::permissions(file(), fs::perms::owner_all);
  expect_refused("is no regular file");
  fs::remove(file());
  fs::create_symlink("/dev/zero", file());
  EXPECT_FALSE(load_signing_key(folder_.path()));
}

TEST_F(SigningKeyFile, InAFolderThatIsNotThereIsAnError) {
  EXPECT_FALSE(load_signing_key(folder_.path() / "none"));
}

TEST_F(SigningKeyFile, IsInNoBackupAndUpsetsNone) {
  const auto data = folder_.path() / "data";
  const auto target = folder_.path() / "backup";
  const auto restored = folder_.path() / "restored";
  FilledStore store{data};
  (void)store.add_finished_job();
  const auto key = load_signing_key(data).value();
  const auto made = back_up_store(
      store.jobs(), {.root = store.root(), .target = target, .options = {}, .version = "1"}, {});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->untidy, "");
  for (const auto& entry : fs::recursive_directory_iterator{target})
    EXPECT_NE(entry.path().filename(), data_folder::signing_key);

  ASSERT_TRUE(restore_store(restored, target, {}, {}));
  EXPECT_FALSE(fs::exists(restored / data_folder::signing_key));
  EXPECT_NE(load_signing_key(restored).value(), key);
  const auto report = verify_store(restored, {}, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->faults, 0U);
}

}  // namespace
}  // namespace darkroom::persistence
