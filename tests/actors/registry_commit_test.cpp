#include <gtest/gtest.h>

#include "actors/committer.hpp"
#include "tests/actors/registry_fixture.hpp"

// What the registry does while a batch is being written, and where that fails.

namespace darkroom::actors {
namespace {

/// Writes a batch once somebody waits for it, or it is let go.
class HeldCommitter final : public Committer {
 public:
  HeldCommitter(std::shared_ptr<persistence::JobStore> store, bool& held, std::uint32_t& started)
      : store_(std::move(store)), held_(held), started_(started) {}

  void start(persistence::WriteSet batch) override {
    batch_ = std::move(batch);
    ++started_;
  }
  std::optional<Outcome> take() override {
    if (held_ || !batch_) return std::nullopt;
    return wait();
  }
  Outcome wait() override { return write_batch(*store_, *std::exchange(batch_, std::nullopt)); }

 private:
  std::shared_ptr<persistence::JobStore> store_;
  std::optional<persistence::WriteSet> batch_;
  bool& held_;
  std::uint32_t& started_;
};

class RegistryCommitTest : public RegistryFixture {
 protected:
  RegistryCommitTest() {
    RegistryOptions options;
    options.batch_limit = 1;
    options.new_committer = [this](std::shared_ptr<persistence::JobStore> to,
                                   const std::function<void()>&) {
      return std::make_unique<HeldCommitter>(std::move(to), held, batches);
    };
    start_registry(options);
  }

  /// The batch under way is written, and whatever follows from it.
  void write() {
    const auto was_held = std::exchange(held, false);
    for (int i = 0; i < 9; ++i) {
      caf::anon_send(registry, atom::written_v);
      run();
    }
    held = was_held;
  }

  jobs::Job create_durably() {
    const auto job = new_job();
    caf::anon_send(registry, atom::create_v, job);
    run();
    write();
    return job;
  }

  bool held = true;
  std::uint32_t batches = 0;
};

TEST_F(RegistryCommitTest, ARemovalThatWasUndoneIsNotAnswered) {
  const auto anna = join("anna");
  const auto job = create_durably();
  ASSERT_EQ(anna.tasks->size(), 1U);
  // A batch is under way, and the disk fails.
  caf::anon_send(registry, atom::create_v, new_job());
  run();
  store->fail_from(1, {.code = persistence::StoreErrorCode::no_space, .message = "full"});
  for (const bool remove : {true, false}) {
    caf::scoped_actor self{system()};
    auto answer = remove
                      ? self->request(registry, std::chrono::seconds{60}, atom::remove_v, job.id)
                      : self->request(registry, std::chrono::seconds{60}, atom::cancel_v, job.id);
    run();
    write();
    answer.receive([](const jobs::Job&) { ADD_FAILURE() << "it was answered, and undone"; },
                   [](const caf::error& error) {
                     EXPECT_EQ(to_service_error(error).code, ServiceErrorCode::store_full);
                   });
    EXPECT_TRUE(anna.cancelled->empty());
  }
  EXPECT_EQ(get(job.id).status, jobs::JobStatus::processing);
}

TEST_F(RegistryCommitTest, ALookAtTheStoreIsABatchOfItsOwn) {
  write();
  advance(std::chrono::seconds{2});
  const auto before = batches;
  caf::scoped_actor self{system()};
  auto first = self->request(registry, std::chrono::seconds{60}, atom::status_v);
  auto second = self->request(registry, std::chrono::seconds{60}, atom::status_v);
  run();
  EXPECT_EQ(batches, before + 1) << "one for all that ask at once";
  store->fail_from(1, {.code = persistence::StoreErrorCode::no_space, .message = "full"});
  write();
  for (auto* answer : {&first, &second}) {
    answer->receive([](const ServiceStatus& status) { EXPECT_FALSE(status.store_writable); },
                    [](const caf::error&) { ADD_FAILURE(); });
  }
}

TEST_F(RegistryCommitTest, AStoreThatFailedIsLookedAtUntilItTakesWrites) {
  store->fail_from(1, {.code = persistence::StoreErrorCode::no_space, .message = "full"});
  advance(std::chrono::seconds{2});
  caf::anon_send(registry, atom::status_v);
  run();
  write();
  store->heal();
  const auto before = batches;
  // Nobody asks for anything.
  for (int i = 0; i < 4; ++i) {
    advance(std::chrono::seconds{1});
    write();
  }
  EXPECT_GT(batches, before);
  held = false;
  caf::scoped_actor self{system()};
  auto answer = self->request(registry, std::chrono::seconds{60}, atom::status_v);
  run();
  write();
  answer.receive([](const ServiceStatus& status) { EXPECT_TRUE(status.store_writable); },
                 [](const caf::error&) { ADD_FAILURE(); });
}

}  // namespace
}  // namespace darkroom::actors
