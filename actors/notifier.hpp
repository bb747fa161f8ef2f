#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/messages.hpp"
#include "actors/outbox_cursor.hpp"
#include "jobs/delivery_schedule.hpp"

namespace darkroom::actors {

struct NotifierOptions {
  jobs::DeliverySchedule::Limits limits = {};
  /// The longest that a sender takes for one delivery.
  std::chrono::milliseconds send_timeout{20'000};
};

/// State of the NOTIFIER: looks in the outbox for what is due, has it sent by its senders, and has
/// the registry keep what came of it. It looks when the registry rings, and each second.
///
/// What was sent and could not be kept, because the disk is full above all, is told to the registry
/// until it is, and counts as being sent as long: so no more than there are senders is sent
/// meanwhile, and nothing again and again. Where the service dies in between it is sent twice, with
/// the same id.
struct NotifierState {
  static inline const char* name = "notifier";

  explicit NotifierState(NotifierActor::pointer actor) : self(actor) {}

  void schedule_tick();
  void tick(std::uint64_t generation);
  /// Reads what has fallen due, page by page, from where the last look ended.
  void look();
  void read_page(std::optional<persistence::DuePlace> behind);
  void end_look();
  /// Goes through all that is due, where it is time for that and there is room.
  void go_round();
  void read_page_of_round();
  void take(const DueList& due);
  void send_some();
  void send(std::size_t slot, const jobs::JobId& id);
  /// Tells the registry of all that it has not kept and is not told of now.
  void keep_all();
  void keep(const DeliveryOutcome& outcome);
  /// The delivery is over for now.
  void settle(const jobs::JobId& id, jobs::Heard heard);

  struct Sender {
    DeliverySenderActor handle;     ///< Invalid while it is not up.
    std::uint64_t incarnation = 0;  ///< Counts its starts.
    bool busy = false;
  };

  struct Unkept {
    DeliveryOutcome outcome;
    bool told = false;  ///< The registry is at it.
  };

  NotifierActor::pointer self;
  DeliveryRegistryActor registry;  ///< Invalid while it is not up.
  CatalogueActor catalogue;        ///< Likewise.
  std::vector<Sender> senders;
  NotifierOptions options;
  std::optional<jobs::DeliverySchedule> schedule;
  std::map<jobs::JobId, Unkept> unkept;
  bool keeping_fails = false;
  std::optional<OutboxCursor> cursor;
  bool looking = false;
  bool look_again = false;
  bool going_round = false;
  std::uint64_t tick_generation = 0;
};

/// Its senders make themselves known by atom::sender.
NotifierActor::behavior_type notifier(NotifierActor::stateful_pointer<NotifierState> self,
                                      NotifierOptions options);

}  // namespace darkroom::actors
