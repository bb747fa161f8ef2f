#include "imaging/stb/jpeg_feeder.hpp"

#include <algorithm>

namespace darkroom::imaging {

std::size_t JpegFeeder::read(std::span<std::byte> out) {
  if (scan_ < scan_ends_.size() && position_ == scan_ends_[scan_]) {
    if (!wants_marker_ && out.size() >= 2) {
      filling_given_ = true;
      out[0] = std::byte{0xFF};
      out[1] = std::byte{0};
      return 2;
    }
    ++scan_;
    filling_given_ = false;
    wants_marker_ = false;
  }
  const auto piece = file_.subspan(position_, std::min(out.size(), stop() - position_));
  std::copy(piece.begin(), piece.end(), out.begin());
  position_ += piece.size();
  return piece.size();
}

void JpegFeeder::skip(std::size_t count) {
  position_ += std::min(count, stop() - position_);
}

std::size_t JpegFeeder::stop() const {
  return scan_ < scan_ends_.size() ? scan_ends_[scan_] : file_.size();
}

bool JpegFeeder::at_end() {
  wants_marker_ = true;
  return position_ == file_.size();
}

}  // namespace darkroom::imaging
