#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace darkroom::imaging {

/// An ICC profile opened from a picture's bytes, which are not trusted.
class IccProfile {
 public:
  /// Holds nothing where the bytes are no profile that can be read.
  explicit IccProfile(std::span<const std::byte> icc);

  /// Takes a profile that lcms2 made.
  explicit IccProfile(void* handle);

  [[nodiscard]] explicit operator bool() const { return handle_ != nullptr; }
  /// lcms2's cmsHPROFILE.
  [[nodiscard]] void* handle() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(void* handle) const;
  };

  std::unique_ptr<void, Close> handle_;
};

}  // namespace darkroom::imaging
