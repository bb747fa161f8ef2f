#include "jobs/silence_watch.hpp"

#include <utility>

namespace darkroom::jobs {

bool SilenceWatch::note(bool here, SteadyTime now, bool needed) {
  if (here) {
    was_here_ = true;
    is_here_ = true;
    went_ = false;
    away_since_.reset();
    return false;
  }
  went_ = went_ || std::exchange(is_here_, false);
  if (!away_since_) away_since_ = now;
  if (went_ && needed) return true;
  return now - *away_since_ >= (was_here_ ? patience_.after : patience_.before);
}

void SilenceWatch::look_away() {
  is_here_ = false;
  went_ = false;
  away_since_.reset();
}

void SilenceWatch::begin_anew() {
  was_here_ = false;
  look_away();
}

}  // namespace darkroom::jobs
