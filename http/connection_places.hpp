#pragma once

#include <compare>
#include <cstddef>
#include <list>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "jobs/timestamp.hpp"

namespace darkroom::http {

/// Who has the open connections, and which one is to go where there is no room for a new one. Every
/// call takes time logarithmic in the number of connections. Not thread-safe.
class ConnectionPlaces {
 public:
  struct Holder;

  /// Of one open connection.
  struct Place {
    int descriptor = -1;
    Holder* holder = nullptr;
    bool waits = true;       ///< For a request; else one is under way.
    bool leaves = false;     ///< Has lost its place, and is not over yet.
    jobs::SteadyTime since;  ///< It waits, or has its request.
    std::list<Place>::iterator self;
  };

  /// A connection of `client`, which waits for its first request; empty for those that never make
  /// room while they have a request. The reference is good until close().
  Place& open(int descriptor, const std::string& client, jobs::SteadyTime now);
  void close(Place& place);

  void wait_for_request(Place& place, jobs::SteadyTime now) { change(place, true, now); }
  /// False where it has lost its place already.
  [[nodiscard]] bool begin_request(Place& place, jobs::SteadyTime now) {
    change(place, false, now);
    return !place.leaves;
  }

  /// Takes the place from the connection that is to make room for one of `client`; its descriptor
  /// is what to shut down. Of those that wait for a request: that which has waited longest of the
  /// client with the most connections, but a client that has more than half of all takes only its
  /// own or those of a larger one. Where all have one under way: the longest of the client with the
  /// most connections, if that one has at least two more than `client`, so that two never take
  /// turns at it. nullptr where nobody has to go.
  [[nodiscard]] const Place* make_room(const std::string& client);

  [[nodiscard]] const std::list<Place>& all() const { return places_; }

  /// Those that have not lost their place.
  [[nodiscard]] std::size_t size() const { return places_.size() - leaving_; }

 private:
  using Order = std::set<std::pair<jobs::SteadyTime, Place*>>;
  using Sizes = std::set<std::pair<std::size_t, Holder*>>;

  void change(Place& place, bool waits, jobs::SteadyTime now);
  void add(Place& place);
  void remove(Place& place);
  void leave(Place& place);
  void set_indexed(Holder& holder, bool indexed);

  std::list<Place> places_;
  std::size_t leaving_ = 0;
  std::map<std::string, Holder> holders_;
  Sizes with_waiting_;  ///< Holders, by their connections, that have one which waits.
  Sizes with_busy_;     ///< The same that have one with a request under way.

 public:
  struct Holder {
    std::string client;
    Order waiting;
    Order busy;

    [[nodiscard]] std::size_t size() const { return waiting.size() + busy.size(); }
  };
};

}  // namespace darkroom::http
