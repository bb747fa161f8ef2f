#include <array>
#include <csignal>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "persistence/job_store.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/persistence/sample_job.hpp"

namespace darkroom::persistence {
namespace {

/// A running commit_until_killed, killed at the latest when this is destroyed.
class Committer {
 public:
  explicit Committer(const std::filesystem::path& directory) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    output_ = ends[0];
    posix_spawn_file_actions_t actions{};
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addclose(&actions, ends[0]);
    std::string program = COMMIT_UNTIL_KILLED;
    std::string argument = directory.string();
    std::array<char*, 3> arguments{program.data(), argument.data(), nullptr};
    const int failed =
        ::posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (failed != 0) throw std::system_error(failed, std::generic_category(), program);
  }
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;
  Committer(Committer&&) = delete;
  Committer& operator=(Committer&&) = delete;
  ~Committer() {
    kill();
    ::close(output_);
  }

  /// Reads until it has `count` acknowledged ids in all, or the process has ended.
  std::vector<jobs::JobId> wait_for_ids(std::size_t count) {
    while (text_.size() < count * line_size && read_more()) {
    }
    return ids();
  }

  /// SIGKILL; the ids that it acknowledged up to its end.
  std::vector<jobs::JobId> kill() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
      process_ = 0;
    }
    while (read_more()) {
    }
    return ids();
  }

 private:
  static constexpr std::size_t line_size = 37;

  bool read_more() {
    std::array<char, 4096> chunk{};
    const auto got = ::read(output_, chunk.data(), chunk.size());
    if (got > 0) text_.append(chunk.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  std::vector<jobs::JobId> ids() const {
    std::vector<jobs::JobId> found;
    for (std::size_t i = 0; i + line_size <= text_.size(); i += line_size) {
      found.push_back(jobs::JobId::parse(text_.substr(i, line_size - 1)).value());
    }
    return found;
  }

  pid_t process_ = 0;
  int output_ = -1;
  std::string text_;
};

TEST(RocksCrash, EveryAcknowledgedJobOutlivesAKilledProcess) {
  const tests::TemporaryFolder folder;
  std::vector<jobs::JobId> acknowledged;
  for (const std::size_t count : {1U, 40U, 200U}) {
    Committer committer{folder.path()};
    ASSERT_GE(committer.wait_for_ids(count).size(), count);
    const auto more = committer.kill();
    acknowledged.insert(acknowledged.end(), more.begin(), more.end());

    const auto store = open_rocks_job_store(folder.path(), {});
    ASSERT_TRUE(store) << store.error().message;
    std::set<jobs::JobId> found;
    ASSERT_TRUE((*store)->for_each_unfinished([&](const jobs::Job& job) { found.insert(job.id); }));
    for (const auto& id : acknowledged)
      EXPECT_TRUE(found.contains(id)) << id.to_string();
    // At most the one commit that was under way when the process died.
    EXPECT_LE(found.size(), acknowledged.size() + 3);
  }
}

TEST(RocksCrash, AStoreThatAnotherProcessHasOpenIsRefused) {
  const tests::TemporaryFolder folder;
  Committer committer{folder.path()};
  ASSERT_FALSE(committer.wait_for_ids(1).empty());

  const auto store = open_rocks_job_store(folder.path(), {});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, StoreErrorCode::locked);
  EXPECT_THAT(store.error().message,
              testing::AllOf(testing::HasSubstr("another darkroom process has it open"),
                             testing::HasSubstr(folder.path().string())));

  committer.kill();
  EXPECT_TRUE(open_rocks_job_store(folder.path(), {}));
}

}  // namespace
}  // namespace darkroom::persistence
