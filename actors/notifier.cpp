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
/// Who takes longer is as good as silent to those who wait for a sender.
constexpr std::chrono::milliseconds prompt_answer{5'000};
/// One read of the catalogue, or one synced write of the registry.
constexpr std::chrono::seconds request_timeout{30};

jobs::Heard heard_of(const jobs::TriedDelivery& tried) {
  const auto& attempt = tried.attempt;
  // It was never asked: the address, or what was to be sent, is none.
  if (attempt.status == 0 && tried.verdict == jobs::DeliveryVerdict::refused)
    return jobs::Heard::nothing;
  const bool prompt =
      attempt.status != 0 && std::chrono::milliseconds{attempt.milliseconds} <= prompt_answer;
  return prompt ? jobs::Heard::prompt : jobs::Heard::silence;
}

}  // namespace

void NotifierState::schedule_tick() {
  self->delayed_send(self, tick_interval, atom::tick_v, ++tick_generation);
}

void NotifierState::tick(std::uint64_t generation) {
  if (generation != tick_generation) return;
  schedule_tick();
  if (schedule->wants_more()) cursor->want_round();
  keep_all();
  look();
  go_round();
}

void NotifierState::look() {
  if (!catalogue) return;
  if (looking) {
    look_again = true;
    return;
  }
  looking = true;
  read_page(cursor->begin_look());
}

void NotifierState::read_page(std::optional<persistence::DuePlace> behind) {
  self->request(catalogue, request_timeout, atom::due_v,
                DueQuery{.behind = std::move(behind), .limit = page_size})
      .then(
          [this](const DueList& due) {
            take(due);
            if (due.more && due.last && catalogue) {
              cursor->looked_at(*due.last, due.upto);
              read_page(due.last);
            } else {
              if (!due.more) cursor->looked_upto(due.upto);
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

void NotifierState::end_look() {
  looking = false;
  if (std::exchange(look_again, false)) look();
}

void NotifierState::go_round() {
  if (!catalogue || going_round || schedule->is_full()) return;
  if (!cursor->begin_round(self->clock().now())) return;
  going_round = true;
  read_page_of_round();
}

void NotifierState::read_page_of_round() {
  self->request(catalogue, request_timeout, atom::due_v,
                DueQuery{.behind = cursor->round_from(), .limit = page_size})
      .then(
          [this](const DueList& due) {
            take(due);
            if (due.last) cursor->round_at(*due.last);
            if (!due.more) {
              cursor->end_round(self->clock().now());
              going_round = false;
            } else if (catalogue && !schedule->is_full()) {
              read_page_of_round();
            } else {
              going_round = false;  // The next tick goes on.
            }
          },
          [this](const caf::error& error) {
            spdlog::warn("notifier cannot go through what is due: {}",
                         to_service_error(error).message);
            going_round = false;
          });
}

void NotifierState::take(const DueList& due) {
  const auto now = self->clock().now();
  for (const auto& delivery : due.deliveries)
    (void)schedule->offer(delivery, now);
  send_some();
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
              settle(id, jobs::Heard::nothing);
            }
            send_some();
          },
          [this, id, free_slot](const caf::error&) {
            spdlog::error("a delivery-sender failed delivery={}", id.to_string());
            free_slot(false);
            settle(id, jobs::Heard::silence);
            cursor->want_round();  // It is pending still, and was passed.
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
          [this, id = outcome.delivery, heard = heard_of(outcome.tried)](atom::done) {
            if (std::exchange(keeping_fails, false)) {
              spdlog::info("what came of deliveries is kept again");
            }
            unkept.erase(id);
            settle(id, heard);
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

void NotifierState::settle(const jobs::JobId& id, jobs::Heard heard) {
  schedule->done(id, heard, self->clock().now());
  send_some();
}

NotifierActor::behavior_type notifier(Self self, NotifierOptions options) {
  auto& state = self->state;
  state.options = options;
  state.schedule.emplace(options.limits);
  state.cursor.emplace(self->clock().now());
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
