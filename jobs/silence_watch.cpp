#include "jobs/silence_watch.hpp"

namespace darkroom::jobs {

bool SilenceWatch::note(bool here, SteadyTime now, bool needed) {
  if (here) {
    was_here_ = true;
    away_since_.reset();
    return false;
  }
  if (!away_since_) away_since_ = now;
  if (was_here_ && needed) return true;
  return now - *away_since_ >= (was_here_ ? patience_.after : patience_.before);
}

void SilenceWatch::begin_anew() {
  was_here_ = false;
  away_since_.reset();
}

}  // namespace darkroom::jobs
