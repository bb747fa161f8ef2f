#pragma once

#include <string>
#include <vector>

#include "imaging/encode_options.hpp"

namespace darkroom::imaging::testing {

struct Sample {
  std::string name;  ///< Such as "jpeg-progressive".
  EncodedImage file;
};

/// Small pictures of every kind that is decoded, of every format.
[[nodiscard]] std::vector<Sample> every_kind();

}  // namespace darkroom::imaging::testing
