#include "imaging/jpeg/jpeg_errors.hpp"

#include <array>
#include <csetjmp>
#include <cstdio>  // jpeglib.h needs FILE and size_t.
#include <cstdlib>
#include <string>

#include <jpeglib.h>
//
#include <jerror.h>

#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

/// Stands beside libjpeg's codes, which are positive.
constexpr int too_many_scans = -1;

bool means_damage(int warning) {
  switch (warning) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_BOGUS_PROGRESSION:
      return true;
    default:
      // Bytes between segments, odd versions, odd scan parameters: every pixel is there.
      return false;
  }
}

}  // namespace

struct JpegErrors::State {
  jpeg_error_mgr manager{};  ///< First, so that libjpeg's pointer to it is one to the State.
  std::jmp_buf target{};
  bool armed = false;
  int code = 0;
  std::array<char, JMSG_LENGTH_MAX> text{};
};

namespace {

/// Leaves for the setjmp in run_guarded.
template <class State>
[[noreturn]] void leave(j_common_ptr codec, int code) {
  auto& state = *reinterpret_cast<State*>(codec->err);
  if (!state.armed) std::abort();  // libjpeg was called outside of run: a bug of ours.
  state.code = code;
  codec->err->format_message(codec, state.text.data());
  std::longjmp(state.target, 1);
}

/// JpegErrors::State is private, so its name is learnt from the pointer to it.
template <class State>
void set_up(State& state) {
  jpeg_std_error(&state.manager);
  state.manager.error_exit = [](j_common_ptr codec) { leave<State>(codec, codec->err->msg_code); };
  state.manager.emit_message = [](j_common_ptr codec, int level) {
    const bool warning = level < 0;
    if (warning && means_damage(codec->err->msg_code)) leave<State>(codec, codec->err->msg_code);
  };
  state.manager.output_message = [](j_common_ptr) {};
}

}  // namespace

JpegErrors::JpegErrors() : state_(std::make_unique<State>()) {
  set_up(*state_);
}

JpegErrors::~JpegErrors() = default;

jpeg_error_mgr* JpegErrors::manager() {
  return &state_->manager;
}

bool JpegErrors::run_guarded(void (*body)(void*), void* context) {
  state_->armed = true;
  // Nothing between here and the longjmp has a destructor: `body` is trivial, the rest is C.
  if (setjmp(state_->target) != 0) {
    state_->armed = false;
    return false;
  }
  body(context);
  state_->armed = false;
  return true;
}

Error JpegErrors::error() const {
  switch (state_->code) {
    case too_many_scans:
      return unsupported("a progressive JPEG with more scans than any program needs").value();
    case JERR_OUT_OF_MEMORY:
      return out_of_memory().value();
    case JERR_IMAGE_TOO_BIG:
      return refuse(ErrorCode::too_wide_or_high,
                    "The image is too large: no side of a JPEG may be longer than " +
                        std::to_string(JPEG_MAX_DIMENSION) + " pixels.")
          .value();
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JERR_INPUT_EMPTY:
    case JERR_INPUT_EOF:
      return cut_off("JPEG").value();
    case JWRN_MUST_RESYNC:
      return corrupt("a stretch of the JPEG data is missing").value();
    case JWRN_HUFF_BAD_CODE:
      return corrupt("the JPEG data is damaged").value();
    case JWRN_BOGUS_PROGRESSION:
    case JERR_BAD_PROGRESSION:
      return corrupt("the scans of the JPEG data are out of order").value();
    case JERR_NO_HUFF_TABLE:
      return corrupt("a Huffman table of the JPEG data is missing").value();
    case JERR_NO_QUANT_TABLE:
      return corrupt("a quantization table of the JPEG data is missing").value();
    case JERR_BAD_HUFF_TABLE:
      return corrupt("a Huffman table of the JPEG data is damaged").value();
    default:
      return corrupt("the JPEG data cannot be decoded (" + std::string(state_->text.data()) + ")")
          .value();
  }
}

void fail_for_scans(jpeg_common_struct& codec) {
  codec.err->msg_code = too_many_scans;
  codec.err->error_exit(&codec);
  std::abort();  // error_exit does not return.
}

void fail_for_memory(jpeg_common_struct& codec) {
  codec.err->msg_code = JERR_OUT_OF_MEMORY;
  codec.err->msg_parm.i[0] = 0;
  codec.err->error_exit(&codec);
  std::abort();
}

}  // namespace darkroom::imaging
