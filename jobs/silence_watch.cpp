#include "jobs/silence_watch.hpp"

namespace darkroom::jobs {

bool SilenceWatch::note(bool here, SteadyTime now) {
  if (here || !was_here_) {
    was_here_ = was_here_ || here;
    away_since_.reset();
    return false;
  }
  if (!away_since_) away_since_ = now;
  return now - *away_since_ >= patience_;
}

void SilenceWatch::forget() {
  was_here_ = false;
  away_since_.reset();
}

}  // namespace darkroom::jobs
