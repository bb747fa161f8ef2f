#pragma once

#include <memory>
#include <type_traits>

#include "imaging/error.hpp"

struct jpeg_common_struct;
struct jpeg_error_mgr;

namespace darkroom::imaging {

/// What libjpeg complains of. It leaves a call that fails by longjmp, because C code must not be
/// left by an exception; the setjmp for that is in jpeg_errors.cpp alone. Damage that libjpeg only
/// warns of, and would fill with grey, is a failure here.
class JpegErrors {
 public:
  JpegErrors();
  ~JpegErrors();
  JpegErrors(const JpegErrors&) = delete;
  JpegErrors& operator=(const JpegErrors&) = delete;

  /// For cinfo.err.
  [[nodiscard]] jpeg_error_mgr* manager();

  /// Runs `body`, all of whose calls to libjpeg may fail; false where one did, and error() says
  /// why. A failure leaves `body` on the spot, so nothing in it may need a destructor.
  template <class Body>
  [[nodiscard]] bool run(Body body) {
    static_assert(std::is_trivially_destructible_v<Body>);
    return run_guarded([](void* context) { (*static_cast<Body*>(context))(); }, &body);
  }

  [[nodiscard]] Error error() const;

 private:
  [[nodiscard]] bool run_guarded(void (*body)(void*), void* context);

  struct State;
  std::unique_ptr<State> state_;
};

/// From inside of JpegErrors::run: gives up for too many scans, or for want of memory.
[[noreturn]] void fail_for_scans(jpeg_common_struct& codec);
[[noreturn]] void fail_for_memory(jpeg_common_struct& codec);

}  // namespace darkroom::imaging
