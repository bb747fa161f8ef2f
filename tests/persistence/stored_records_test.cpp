#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/job_store.hpp"
#include "persistence/packed_batch.hpp"
#include "persistence/packed_delivery.hpp"
#include "persistence/stored_jobs.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/persistence/raw_store.hpp"
#include "tests/persistence/sample_job.hpp"

// Batches and deliveries: what the store keeps beside jobs.

namespace darkroom::persistence {
namespace {

using jobs::Batch;
using jobs::Delivery;
using jobs::DeliveryStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Batch full_batch() {
  return {.id = jobs::JobId::generate(at(0)),
          .tenant = "anna",
          .created_at = at(1),
          .expires_at = at(2'000),
          .completed_at = at(3),
          .total = 7,
          .metadata = R"({"album":1})",
          .callback_url = "https://example.com/hook"};
}

Delivery full_delivery(const jobs::JobId& subject = jobs::JobId::generate(at(0)),
                       std::int64_t due_at = 100) {
  return {.id = jobs::JobId::generate(at(due_at)),
          .subject = subject,
          .tenant = "anna",
          .event = "job.completed",
          .channel = "webhook",
          .target = "https://example.com/hook",
          .body = std::string{"\x00\xff", 2},
          .status = DeliveryStatus::pending,
          .created_at = at(1),
          .due_at = at(due_at),
          .expires_at = at(3'000 + due_at),
          .tries = {{.at = at(2), .status = 503, .error = "busy", .milliseconds = 12}}};
}

TEST(PackedRecords, KeepEveryMember) {
  const auto batch = full_batch();
  EXPECT_EQ(unpack_batch(pack_batch(batch)), batch);
  EXPECT_EQ(unpack_batch(pack_batch(Batch{.id = batch.id})), Batch{.id = batch.id});
  const auto delivery = full_delivery();
  EXPECT_EQ(unpack_delivery(pack_delivery(delivery)), delivery);
  for (const auto& rubbish : {"", "rubbish", "\x08\x12"}) {
    EXPECT_FALSE(unpack_batch(rubbish));
    EXPECT_FALSE(unpack_delivery(rubbish));
  }
}

RecordChange change_of(const std::optional<Batch>& before, const std::optional<Batch>& after) {
  RecordChange change{.kind = Record::batch, .id = before ? before->id : after->id};
  if (before) change.before = pack_batch(*before);
  if (after) change.after = pack_batch(*after);
  return change;
}

RecordChange change_of(const std::optional<Delivery>& before,
                       const std::optional<Delivery>& after) {
  RecordChange change{.kind = Record::delivery, .id = before ? before->id : after->id};
  if (before) change.before = pack_delivery(*before);
  if (after) change.after = pack_delivery(*after);
  return change;
}

enum class Kind { memory, rocks };

class StoredRecords : public testing::TestWithParam<Kind> {
 protected:
  StoredRecords() {
    if (GetParam() == Kind::memory) {
      store = make_memory_job_store();
    } else {
      store = open_rocks_job_store(folder.path(), {}).value();
    }
  }

  void commit(std::vector<RecordChange> records) {
    const auto committed = store->commit(WriteSet{.jobs = {}, .records = std::move(records)});
    ASSERT_TRUE(committed) << committed.error().message;
  }

  std::vector<Delivery> due(jobs::Timestamp now, std::size_t limit = 9) {
    return store->due_deliveries(now, std::nullopt, limit).value().deliveries;
  }

  void create(const Delivery& delivery) { commit({change_of(std::nullopt, delivery)}); }

  tests::TemporaryFolder folder;
  std::unique_ptr<JobStore> store;
};

INSTANTIATE_TEST_SUITE_P(All, StoredRecords, testing::Values(Kind::memory, Kind::rocks),
                         [](const auto& kind) {
                           return kind.param == Kind::memory ? "Memory" : "Rocks";
                         });

TEST_P(StoredRecords, GoInOneStepWithJobs) {
  const auto job = pending_job();
  const auto batch = full_batch();
  ASSERT_TRUE(store->commit(WriteSet{.jobs = {{.before = std::nullopt, .after = job}},
                                     .records = {change_of(std::nullopt, batch)}}));
  EXPECT_EQ(store->get(job.id).value(), job);
  EXPECT_EQ(store->batch(batch.id).value(), batch);
  EXPECT_EQ(store->batch(job.id).value(), std::nullopt);
  auto changed = batch;
  changed.completed_at = std::nullopt;
  commit({change_of(batch, changed)});
  EXPECT_EQ(store->batch(batch.id).value(), changed);
  commit({change_of(changed, std::optional<Batch>{})});
  EXPECT_EQ(store->batch(batch.id).value(), std::nullopt);
}

TEST_P(StoredRecords, DeliveriesAreFoundByTheirSubjectTheNewestFirst) {
  const auto subject = jobs::JobId::generate(at(0));
  const auto first = full_delivery(subject, 1);
  const auto second = full_delivery(subject, 2);
  create(second);
  create(first);
  create(full_delivery());
  EXPECT_THAT(store->deliveries_of(subject, 9).value(), ElementsAre(second, first));
  EXPECT_THAT(store->deliveries_of(subject, 1).value(), ElementsAre(second));
  EXPECT_EQ(store->delivery(first.id).value(), first);
}

TEST_P(StoredRecords, OnlyWhatIsPendingFallsDue) {
  const auto late = full_delivery({}, 200);
  const auto early = full_delivery({}, 100);
  create(late);
  create(early);
  EXPECT_THAT(due(at(99)), IsEmpty());
  EXPECT_THAT(due(at(200)), ElementsAre(early, late));
  EXPECT_THAT(due(at(200), 1), ElementsAre(early));
  auto postponed = early;
  postponed.due_at = at(300);
  auto delivered = late;
  delivered.status = DeliveryStatus::delivered;
  commit({change_of(early, postponed), change_of(late, delivered)});
  EXPECT_THAT(due(at(200)), IsEmpty());
  EXPECT_THAT(due(at(300)), ElementsAre(postponed));
}

TEST_P(StoredRecords, WhatIsDueIsReadInPages) {
  std::vector<Delivery> all;
  for (const std::int64_t due_at : {100, 100, 100, 200, 300}) {
    all.push_back(full_delivery({}, due_at));
    create(all.back());
  }
  std::ranges::sort(all, {}, [](const auto& one) { return std::pair{one.due_at, one.id}; });
  create(full_delivery({}, 400));
  std::vector<Delivery> found;
  std::optional<DuePlace> place;
  std::size_t pages = 0;
  do {
    auto page = store->due_deliveries(at(300), place, 2).value();
    EXPECT_LE(page.deliveries.size(), 2U);
    std::ranges::move(page.deliveries, std::back_inserter(found));
    place = page.next;
  } while (++pages < 9 && place);
  EXPECT_EQ(pages, 3U);
  EXPECT_EQ(found, all);
  // A place at which nothing is any more serves as well.
  const DuePlace between{.due_at = at(150), .id = {}};
  EXPECT_THAT(store->due_deliveries(at(300), between, 9)->deliveries, ElementsAre(all[3], all[4]));
}

TEST_P(StoredRecords, EachPendingDeliveryIsVisited) {
  const auto soon = full_delivery({}, 100);
  const auto late = full_delivery({}, 900'000);
  auto delivered = full_delivery({}, 100);
  delivered.status = DeliveryStatus::delivered;
  for (const auto& delivery : {soon, late, delivered})
    create(delivery);
  std::vector<jobs::JobId> visited;
  ASSERT_TRUE(
      store->for_each_pending_delivery([&](const jobs::JobId& id) { visited.push_back(id); }));
  EXPECT_THAT(visited, testing::UnorderedElementsAre(soon.id, late.id));
}

TEST_P(StoredRecords, WhatHasExpiredIsThereToBeRemoved) {
  const auto delivery = full_delivery({}, 0);
  const auto batch = full_batch();
  create(delivery);
  commit({change_of(std::nullopt, batch)});
  EXPECT_THAT(store->expired_records(Record::delivery, at(2'999), 9).value(), IsEmpty());
  EXPECT_THAT(store->expired_records(Record::batch, at(1'999), 9).value(), IsEmpty());
  commit(store->expired_records(Record::delivery, at(3'000), 9).value());
  commit(store->expired_records(Record::batch, at(2'000), 9).value());
  EXPECT_EQ(store->delivery(delivery.id).value(), std::nullopt);
  EXPECT_EQ(store->batch(batch.id).value(), std::nullopt);
  EXPECT_THAT(due(at(9'000)), IsEmpty());
}

TEST_P(StoredRecords, OpenBatchesAreThoseThatAreNotCompleted) {
  auto first = full_batch();
  first.completed_at.reset();
  auto second = first;
  second.id = jobs::JobId::generate(at(1'000'000));
  const auto done = full_batch();
  ASSERT_TRUE(done.completed_at);
  commit({change_of(std::nullopt, second), change_of(std::nullopt, first),
          change_of(std::nullopt, done)});
  EXPECT_THAT(store->open_batches().value(), testing::UnorderedElementsAre(first.id, second.id));
  auto completed = first;
  completed.completed_at = at(7);
  commit({change_of(first, completed)});
  EXPECT_THAT(store->open_batches().value(), ElementsAre(second.id));
  commit({RecordChange{
      .kind = Record::batch, .id = second.id, .before = pack_batch(second), .after = {}}});
  EXPECT_THAT(store->open_batches().value(), IsEmpty());
}

TEST_P(StoredRecords, OfTwoChangesInOneStepTheLastCounts) {
  const auto batch = full_batch();
  auto changed = batch;
  changed.total = 9;
  changed.expires_at = at(5);
  commit({change_of(std::nullopt, batch), change_of(batch, changed)});
  EXPECT_EQ(store->batch(batch.id).value(), changed);
  EXPECT_EQ(store->expired_records(Record::batch, at(9'000), 9)->size(), 1U);
}

TEST_P(StoredRecords, ARecordThatCannotBeReadIsRefusedAndNothingIsWritten) {
  const auto job = pending_job();
  auto bad = change_of(std::nullopt, full_batch());
  bad.after = "rubbish";
  auto misnamed = change_of(std::nullopt, full_batch());
  misnamed.id = job.id;
  for (const auto& change : {bad, misnamed}) {
    const auto refused = store->commit(
        WriteSet{.jobs = {{.before = std::nullopt, .after = job}}, .records = {change}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, StoreErrorCode::bad_key);
    EXPECT_EQ(store->get(job.id).value(), std::nullopt);
  }
}

TEST(DamagedDeliveries, AreSteppedOver) {
  const tests::TemporaryFolder folder;
  const auto subject = jobs::JobId::generate(at(0));
  std::vector<Delivery> all;
  for (const std::int64_t due_at : {100, 200, 300, 400}) {
    all.push_back(full_delivery(subject, due_at));
    const auto store = open_rocks_job_store(folder.path(), {}).value();
    ASSERT_TRUE(
        store->commit(WriteSet{.jobs = {}, .records = {change_of(std::nullopt, all.back())}}));
  }
  const auto key_of = [](const Delivery& delivery) {
    return "d" + std::string{delivery.id.bytes().begin(), delivery.id.bytes().end()};
  };
  RawStore{folder.path()}.put("outbox", key_of(all[0]), "rubbish");
  RawStore{folder.path()}.remove("outbox", key_of(all[1]));
  // Its entries are of another due_at than its record.
  auto moved = all[2];
  moved.due_at = at(50);
  RawStore{folder.path()}.put("outbox", key_of(all[2]), pack_delivery(moved));

  const auto store = open_rocks_job_store(folder.path(), {}).value();
  const auto due = store->due_deliveries(at(900), std::nullopt, 1).value();
  EXPECT_THAT(due.deliveries, ElementsAre(all[3]));
  EXPECT_EQ(due.next, std::nullopt);
  ASSERT_EQ(due.damaged.size(), 3U);
  EXPECT_EQ(due.damaged[0].id, all[0].id);
  EXPECT_THAT(due.damaged[1].message, HasSubstr("there is no record"));
  EXPECT_THAT(due.damaged[2].message, HasSubstr("does not fit"));
  EXPECT_THAT(store->deliveries_of(subject, 9).value(), ElementsAre(all[3], moved));
  const auto expired = store->expired_records(Record::delivery, at(90'000), 9).value();
  EXPECT_EQ(expired.size(), 2U);
  EXPECT_TRUE(store->commit(WriteSet{.jobs = {}, .records = expired}));
  EXPECT_EQ(store->delivery(all[3].id).value(), std::nullopt);
}

std::vector<std::string> faults_in(const std::filesystem::path& folder) {
  std::vector<std::string> faults;
  const auto stored = StoredJobs::open(folder, {}).value();
  EXPECT_TRUE(stored.for_each_index_fault([&](const IndexFault& fault) {
    faults.push_back(fault.message);
    return true;
  }));
  return faults;
}

TEST(StoredRecordsCheck, NamesEntriesThatAreMissingOrTooMuch) {
  const tests::TemporaryFolder folder;
  {
    const auto store = open_rocks_job_store(folder.path(), {}).value();
    ASSERT_TRUE(store->commit(WriteSet{.jobs = {{.before = std::nullopt, .after = full_job()}},
                                       .records = {change_of(std::nullopt, full_batch()),
                                                   change_of(std::nullopt, full_delivery())}}));
  }
  EXPECT_THAT(faults_in(folder.path()), IsEmpty());
  for (const std::string family : {"batches", "outbox", "listing", "finished"}) {
    for (const auto& key : RawStore{folder.path()}.keys(family)) {
      RawStore{folder.path()}.remove(family, key);
      EXPECT_FALSE(faults_in(folder.path()).empty()) << family << " " << key.front();
      // A record is put back by hand below; an entry has no value.
      if (key.front() != 'b' && key.front() != 'd') RawStore{folder.path()}.put(family, key, "");
      if (key.front() == 'b' || key.front() == 'd') break;
    }
  }
}

TEST(StoredRecordsCheck, NamesAListingEntryOfAJobThatIsOtherwise) {
  const tests::TemporaryFolder folder;
  const auto job = pending_job();
  const JobChange creation{.before = std::nullopt, .after = job};
  ASSERT_TRUE(open_rocks_job_store(folder.path(), {}).value()->commit({&creation, 1}));
  const std::string id{job.id.bytes().begin(), job.id.bytes().end()};
  RawStore{folder.path()}.put("listing", "s" + std::string(16, '\0') + id, "");
  EXPECT_THAT(faults_in(folder.path()),
              ElementsAre(HasSubstr("the index listing has an entry that does not fit it")));
}

}  // namespace
}  // namespace darkroom::persistence
