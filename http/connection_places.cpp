#include "http/connection_places.hpp"

#include <iterator>

namespace darkroom::http {

ConnectionPlaces::Place& ConnectionPlaces::open(int descriptor, const std::string& client,
                                                jobs::SteadyTime now) {
  Holder& holder = holders_[client];
  holder.client = client;
  Place& place = places_.emplace_back();
  place.descriptor = descriptor;
  place.holder = &holder;
  place.since = now;
  place.self = std::prev(places_.end());
  add(place);
  return place;
}

void ConnectionPlaces::close(Place& place) {
  if (place.leaves) {
    --leaving_;
  } else {
    remove(place);
  }
  places_.erase(place.self);
}

void ConnectionPlaces::change(Place& place, bool waits, jobs::SteadyTime now) {
  if (place.leaves) return;
  set_indexed(*place.holder, false);
  (place.waits ? place.holder->waiting : place.holder->busy).erase({place.since, &place});
  place.waits = waits;
  place.since = now;
  (waits ? place.holder->waiting : place.holder->busy).emplace(now, &place);
  set_indexed(*place.holder, true);
}

const ConnectionPlaces::Place* ConnectionPlaces::make_room(const std::string& client) {
  const auto own = client.empty() ? holders_.end() : holders_.find(client);
  const std::size_t held = own == holders_.end() ? 0 : own->second.size();
  Place* chosen = nullptr;
  if (!with_waiting_.empty()) {
    const Holder& most = *with_waiting_.rbegin()->second;
    if (most.size() >= held || held * 2 <= size()) chosen = most.waiting.begin()->second;
  }
  if (chosen == nullptr && !with_busy_.empty()) {
    const Holder& most = *with_busy_.rbegin()->second;
    if (most.size() >= held + 2) chosen = most.busy.begin()->second;
  }
  if (chosen != nullptr) leave(*chosen);
  return chosen;
}

void ConnectionPlaces::leave(Place& place) {
  remove(place);
  place.holder = nullptr;
  place.leaves = true;
  ++leaving_;
}

void ConnectionPlaces::add(Place& place) {
  set_indexed(*place.holder, false);
  place.holder->waiting.emplace(place.since, &place);
  set_indexed(*place.holder, true);
}

void ConnectionPlaces::remove(Place& place) {
  Holder& holder = *place.holder;
  set_indexed(holder, false);
  (place.waits ? holder.waiting : holder.busy).erase({place.since, &place});
  if (holder.size() == 0) {
    holders_.erase(holders_.find(holder.client));
  } else {
    set_indexed(holder, true);
  }
}

// A holder's entries carry its size, so they go before it changes and come again after.
void ConnectionPlaces::set_indexed(Holder& holder, bool indexed) {
  const std::pair<std::size_t, Holder*> entry{holder.size(), &holder};
  if (!indexed) {
    with_waiting_.erase(entry);
    with_busy_.erase(entry);
    return;
  }
  if (!holder.waiting.empty()) with_waiting_.insert(entry);
  if (!holder.busy.empty() && !holder.client.empty()) with_busy_.insert(entry);
}

}  // namespace darkroom::http
