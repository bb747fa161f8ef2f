#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/messages.hpp"
#include "jobs/delivery_schedule.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::actors {

struct NotifierOptions {
  std::size_t senders = 4;
  /// The longest that a sender takes for one delivery.
  std::chrono::milliseconds send_timeout{20'000};
  /// Of those that are due and wait to be sent.
  jobs::DeliverySchedule::Limits limits = {};
};

/// State of the NOTIFIER: looks in the outbox for what is due, has it sent by its senders, and has
/// the registry keep what came of it. It looks when the registry rings, and each second.
///
/// What was sent and could not be kept, because the disk is full above all, is told to the registry
/// until it is; nothing more is sent meanwhile, or it would be sent again and again. Where the
/// service dies in between it is sent twice, with the same id.
struct NotifierState {
  static inline const char* name = "notifier";

  explicit NotifierState(NotifierActor::pointer actor) : self(actor) {}

  void schedule_tick();
  void tick(std::uint64_t generation);
  /// Reads the outbox from `place` on, page by page.
  void look();
  void read_page();
  void take(const DueList& due);
  void send_some();
  void send(std::size_t sender, const jobs::JobId& id);
  void keep(const DeliveryOutcome& outcome);
  /// The delivery is over for now.
  void settle(const jobs::JobId& id, bool answered);

  struct Sender {
    DeliverySenderActor handle;  ///< Invalid while it is not up.
    bool busy = false;
    std::uint64_t incarnation = 0;  ///< Counts its starts.
  };

  NotifierActor::pointer self;
  DeliveryRegistryActor registry;  ///< Invalid while it is not up.
  CatalogueActor catalogue;        ///< Likewise.
  std::vector<Sender> senders;
  NotifierOptions options;
  jobs::WallClock wall_clock;
  std::optional<jobs::DeliverySchedule> schedule;
  /// What was sent and is not kept yet.
  std::vector<DeliveryOutcome> unkept;
  std::set<jobs::JobId> keeping;  ///< Told to the registry.
  /// Behind which to look on; none: from the beginning.
  std::optional<persistence::DuePlace> place;
  bool looking = false;
  bool look_again = false;
  jobs::SteadyTime last_rewind;
  std::uint64_t tick_generation = 0;
};

NotifierActor::behavior_type notifier(NotifierActor::stateful_pointer<NotifierState> self,
                                      NotifierOptions options, jobs::WallClock wall_clock);

}  // namespace darkroom::actors
