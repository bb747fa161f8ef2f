#include "actors/notifier.hpp"

#include <utility>

#include <spdlog/spdlog.h>

#include "actors/service_error.hpp"

namespace darkroom::actors {
namespace {

using Self = NotifierActor::stateful_pointer<NotifierState>;

/// How often what is due is looked for, beside each ring.
constexpr std::chrono::milliseconds tick_interval{1'000};
/// Deliveries in one page of a look.
constexpr std::uint32_t page_size = 100;
/// A commit may take so long; so what it brings may be due before what was seen last.
constexpr std::chrono::milliseconds overlap{5'000};
/// A look from the beginning sees what was stepped over. It costs the more the more is due, which
/// is much where a receiver is dead.
constexpr std::chrono::milliseconds rewind_interval{60'000};
/// One read of the catalogue, or one synced write of the registry.
constexpr std::chrono::seconds request_timeout{30};

}  // namespace

void NotifierState::schedule_tick() {
  self->delayed_send(self, tick_interval, atom::tick_v, ++tick_generation);
}

void NotifierState::tick(std::uint64_t generation) {
  if (generation != tick_generation) return;
  schedule_tick();
  const auto now = self->clock().now();
  if (schedule->wants_more() || now - last_rewind >= rewind_interval) {
    last_rewind = now;
    rewind = true;
  }
  keep_all();
  look();
}

void NotifierState::look() {
  if (!catalogue) return;
  if (looking) {
    look_again = true;
    return;
  }
  looking = true;
  if (std::exchange(rewind, false)) place.reset();
  auto from = place;
  if (from) *from = {.due_at = from->due_at - overlap, .id = {}};
  read_page(from);
}

void NotifierState::read_page(std::optional<persistence::DuePlace> behind) {
  self->request(catalogue, request_timeout, atom::due_v,
                DueQuery{.behind = std::move(behind), .limit = page_size})
      .then(
          [this](const DueList& due) {
            if (take(due) && due.more && catalogue) {
              read_page(place);
            } else {
              end_look();
            }
          },
          [this](const caf::error& error) {
            spdlog::warn("notifier cannot look for what is due: {}",
                         to_service_error(error).message);
            look_again = false;  // The next tick does.
            end_look();
          });
}

bool NotifierState::take(const DueList& due) {
  const auto room_before = schedule->waiting();
  for (const auto& delivery : due.deliveries)
    (void)schedule->offer(delivery.id, delivery.receiver);
  if (due.last) place = due.last;
  send_some();
  return room_before < options.limits.waiting;
}

void NotifierState::end_look() {
  looking = false;
  if (std::exchange(look_again, false)) look();
}

void NotifierState::send_some() {
  if (!registry) return;
  for (std::size_t slot = 0; slot < senders.size(); ++slot) {
    if (!senders[slot].handle || senders[slot].busy) continue;
    const auto id = schedule->next();
    if (!id) return;
    send(slot, *id);
  }
}

void NotifierState::send(std::size_t slot, const jobs::JobId& id) {
  auto& sender = senders[slot];
  sender.busy = true;
  // Its own limit ends a try first; this one is for a sender that hangs.
  const auto timeout = options.send_timeout * 2 + request_timeout;
  const auto free_slot = [this, slot, incarnation = sender.incarnation](bool alive) {
    auto& freed = senders[slot];
    if (freed.incarnation != incarnation) return;
    freed.busy = false;
    if (alive) return;
    // It is down, or hangs; its supervisor starts another.
    self->send_exit(freed.handle, caf::exit_reason::kill);
    freed.handle = nullptr;
  };
  self->request(sender.handle, timeout, atom::deliver_v, id)
      .then(
          [this, id, free_slot](const SentDelivery& sent) {
            free_slot(true);
            if (sent.tried) {
              unkept.insert_or_assign(id, Unkept{.outcome = {id, *sent.tried}});
              keep_all();
            } else {
              settle(id, true);
            }
            send_some();
          },
          [this, id, free_slot](const caf::error&) {
            spdlog::error("a delivery-sender failed delivery={}", id.to_string());
            free_slot(false);
            settle(id, false);
          });
}

void NotifierState::keep_all() {
  if (!registry) return;
  for (auto& [id, entry] : unkept) {
    if (!std::exchange(entry.told, true)) keep(entry.outcome);
  }
}

void NotifierState::keep(const DeliveryOutcome& outcome) {
  self->request(registry, request_timeout, atom::delivered_v, outcome)
      .then(
          [this, id = outcome.delivery, answered = outcome.tried.attempt.status != 0](atom::done) {
            if (std::exchange(keeping_fails, false)) {
              spdlog::info("what came of deliveries is kept again");
            }
            unkept.erase(id);
            settle(id, answered);
          },
          [this, id = outcome.delivery](const caf::error& error) {
            if (!std::exchange(keeping_fails, true)) {
              spdlog::warn("what came of a delivery cannot be kept: {}",
                           to_service_error(error).message);
            }
            if (const auto entry = unkept.find(id); entry != unkept.end()) {
              entry->second.told = false;  // The next tick tells it again.
            }
          });
}

void NotifierState::settle(const jobs::JobId& id, bool answered) {
  schedule->done(id, answered);
  send_some();
}

NotifierActor::behavior_type notifier(Self self, NotifierOptions options) {
  auto& state = self->state;
  state.options = options;
  state.schedule.emplace(options.limits);
  state.last_rewind = self->clock().now();
  state.schedule_tick();
  return {
      [self](atom::due) { self->state.look(); },
      [self](atom::registry, DeliveryRegistryActor& registry) {
        self->state.registry = std::move(registry);
        self->state.keep_all();
        self->state.send_some();
      },
      [self](atom::catalogue, CatalogueActor& catalogue) {
        self->state.catalogue = std::move(catalogue);
        self->state.look();
      },
      [self](atom::sender, std::uint32_t slot, DeliverySenderActor& handle) {
        auto& senders = self->state.senders;
        if (slot >= senders.size()) senders.resize(slot + std::size_t{1});
        auto& sender = senders[slot];
        sender = {.handle = std::move(handle), .incarnation = sender.incarnation + 1};
        self->state.send_some();
      },
      [self](atom::tick, std::uint64_t generation) { self->state.tick(generation); },
  };
}

}  // namespace darkroom::actors
