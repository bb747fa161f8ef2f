#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actors/registry_ledger.hpp"
#include "actors/service_error.hpp"
#include "persistence/packed_delivery.hpp"
#include "persistence/packed_job.hpp"

namespace darkroom::actors {
namespace {

using jobs::Delivery;
using jobs::JobId;
using persistence::Record;

/// The event of a change by which a job has come to its end; empty for any other. A job may have
/// been sent again and have ended once more within one change.
std::string_view event_of_end(const persistence::JobChange& change) {
  if (!change.after) return {};
  const bool ended_anew = !change.before || change.before->status != change.after->status ||
                          change.before->completed_at != change.after->completed_at;
  if (!ended_anew) return {};
  switch (change.after->status) {
    case jobs::JobStatus::completed:
      return "job.completed";
    case jobs::JobStatus::failed:
      return "job.failed";
    default:
      return {};
  }
}

bool is_wanted(EmailOn on, std::string_view event) {
  const bool failure = event.ends_with(".failed");
  return on == EmailOn::all || failure == (on == EmailOn::failed);
}

}  // namespace

RegistryLedger::Result<void> RegistryLedger::check_callback(const std::string& url) const {
  if (url.empty() || options_.outbox.webhooks) return {};
  return tl::unexpected(ServiceError{
      ServiceErrorCode::no_callbacks,
      "This service has no secret to sign callbacks with (webhook.secret), so it sends none; leave "
      "out callback_url, or ask its operator for one."});
}

void RegistryLedger::tell_of_ends() {
  for (const auto& [id, change] : staged_) {
    const auto event = event_of_end(change);
    if (event.empty()) continue;
    const auto& job = *change.after;
    stage_deliveries(
        id, job.tenant, event, job.callback_url, [&] { return persistence::pack_job(job); },
        job.completed_at.value_or(job.updated_at), job.email);
  }
}

void RegistryLedger::stage_deliveries(const JobId& subject, const std::string& tenant,
                                      std::string_view event, const std::string& callback_url,
                                      const std::function<std::string()>& body, jobs::Timestamp now,
                                      const std::string& email) {
  const auto& outbox = options_.outbox;
  std::vector<std::pair<std::string_view, std::string>> targets;
  // The secret may be gone since the upload came; then nobody would believe what is sent.
  if (outbox.webhooks) {
    targets.emplace_back(jobs::delivery_channel::webhook,
                         callback_url.empty() ? outbox.url : callback_url);
  }
  if (outbox.emails && is_wanted(outbox.email_on, event)) {
    targets.emplace_back(jobs::delivery_channel::email, email.empty() ? outbox.email_to : email);
  }
  std::erase_if(targets, [](const auto& target) { return target.second.empty(); });
  if (targets.empty()) return;
  const auto record = body();
  for (const auto& [channel, target] : targets) {
    put_delivery(std::nullopt, {.id = options_.new_id(now),
                                .subject = subject,
                                .tenant = tenant,
                                .event = std::string{event},
                                .channel = std::string{channel},
                                .target = target,
                                .body = record,
                                .created_at = now,
                                .due_at = now,
                                .expires_at = now + outbox.keep});
  }
}

RegistryLedger::Result<std::optional<Delivery>> RegistryLedger::delivery(const JobId& id) const {
  const auto packed = record(Record::delivery, id);
  if (!packed) return tl::unexpected(packed.error());
  if (!*packed) return std::nullopt;
  auto delivery = persistence::unpack_delivery(**packed);
  if (!delivery) {
    return tl::unexpected(ServiceError{
        ServiceErrorCode::damaged,
        "The record of delivery " + id.to_string() + " is damaged: " + delivery.error()});
  }
  return std::move(*delivery);
}

void RegistryLedger::put_delivery(const std::optional<Delivery>& before, const Delivery& after) {
  persistence::RecordChange change{.kind = Record::delivery, .id = after.id};
  if (before) change.before = persistence::pack_delivery(*before);
  change.after = persistence::pack_delivery(after);
  stage_record(std::move(change));
}

RegistryLedger::Result<Delivery> RegistryLedger::replay(const JobId& subject, const JobId& id,
                                                        Now now) {
  auto found = delivery(id);
  if (!found) return tl::unexpected(std::move(found.error()));
  if (!*found || (*found)->subject != subject) return tl::unexpected(no_such_delivery(id));
  auto again = **found;
  jobs::replay(again, now.wall);
  // It is to have the time for all its tries.
  again.expires_at = std::max(again.expires_at, now.wall + options_.outbox.keep);
  put_delivery(*found, again);
  return again;
}

RegistryLedger::Result<void> RegistryLedger::note_try(const DeliveryOutcome& outcome, Now now) {
  auto found = delivery(outcome.delivery);
  if (!found) return tl::unexpected(std::move(found.error()));
  if (!*found) return {};
  auto tried = **found;
  jobs::note_try(tried, outcome.tried, options_.outbox.max_tries, options_.random(), now.wall);
  if (tried != **found) put_delivery(*found, tried);
  return {};
}

RegistryLedger::Result<void> RegistryLedger::withdraw(const std::set<JobId>& subjects) {
  std::set<JobId> ids;
  for (const auto* records : {&committing_records_, &staged_records_}) {
    for (const auto& [name, change] : *records) {
      if (change.kind != Record::delivery || !change.after) continue;
      const auto delivery = persistence::unpack_delivery(*change.after);
      if (delivery && subjects.contains(delivery->subject)) ids.insert(delivery->id);
    }
  }
  for (const auto& subject : subjects) {
    const auto stored = store_->deliveries_of(subject, std::numeric_limits<std::size_t>::max());
    if (!stored) return tl::unexpected(to_service_error(stored.error()));
    for (const auto& delivery : *stored)
      ids.insert(delivery.id);
  }
  std::vector<persistence::RecordChange> removals;
  for (const auto& id : ids) {
    auto before = record(Record::delivery, id);
    if (!before) return tl::unexpected(std::move(before.error()));
    if (*before)
      removals.push_back({.kind = Record::delivery, .id = id, .before = std::move(*before)});
  }
  for (auto& removal : removals)
    stage_record(std::move(removal));
  return {};
}

void RegistryLedger::note_delivery(const persistence::RecordChange& change) {
  if (change.kind != Record::delivery) return;
  const auto read = [](const std::optional<std::string>& packed) {
    std::optional<Delivery> delivery;
    if (!packed) return delivery;
    if (auto unpacked = persistence::unpack_delivery(*packed)) delivery = std::move(*unpacked);
    return delivery;
  };
  const auto before = read(change.before);
  const auto after = read(change.after);
  const auto is_pending = [](const std::optional<Delivery>& delivery) {
    return delivery && delivery->status == jobs::DeliveryStatus::pending;
  };
  if (is_pending(before)) pending_deliveries_.remove(change.id);
  if (is_pending(after)) pending_deliveries_.add(change.id);
  counts_.note(before, after);
}

}  // namespace darkroom::actors
