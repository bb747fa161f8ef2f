#pragma once

#include <list>

struct jpeg_common_struct;
struct jpeg_compress_struct;
struct jpeg_decompress_struct;

namespace darkroom::imaging {

/// The arrays in which libjpeg holds all coefficients of a picture, for files of several scans and
/// where they are asked for. They take the place of libjpeg's own "virtual arrays" (libjpeg.txt,
/// "Memory management"), which are allocated and given back anew for each picture, and are the
/// largest thing that a job needs: here they come from std::pmr's default resource.
class CoefficientArrays {
 public:
  CoefficientArrays();
  ~CoefficientArrays();
  CoefficientArrays(const CoefficientArrays&) = delete;
  CoefficientArrays& operator=(const CoefficientArrays&) = delete;

  /// From inside of JpegErrors::run, once the codec is created. It must not outlive this, and its
  /// `client_data` is this object's from now on.
  void serve(jpeg_decompress_struct& codec);

  /// From inside of JpegErrors::run, where the arrays that a codec has read with are given to
  /// jpeg_write_coefficients: the writing one's own memory manager does not know them.
  static void lend_to(jpeg_compress_struct& codec);

 private:
  struct Array;
  struct Calls;

  std::list<Array> arrays_;  ///< libjpeg holds pointers to them.
  void (*realize_others_)(jpeg_common_struct*) = nullptr;
};

}  // namespace darkroom::imaging
