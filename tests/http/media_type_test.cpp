#include "http/media_type.hpp"

#include <gtest/gtest.h>

namespace darkroom::http {
namespace {

TEST(MediaType, IsThatOfTheExtension) {
  struct Case {
    std::string_view name;
    std::string_view type;
  };
  for (const auto& [name, type] : {Case{"a.jpg", "image/jpeg"},
                                   {"a.png", "image/png"},
                                   {"a.gif", "image/gif"},
                                   {"a.bmp", "image/bmp"},
                                   {"a.psd", "image/vnd.adobe.photoshop"},
                                   {"a.tga", "image/x-tga"},
                                   {"a.pnm", "image/x-portable-anymap"},
                                   {"a.hdr", "image/vnd.radiance"},
                                   {"a.webp", "image/webp"},
                                   {"a.avif", "image/avif"},
                                   {"a.heic", "image/heic"},
                                   {"a.png.jpg", "image/jpeg"},
                                   {"a.bin", "application/octet-stream"},
                                   {"a.html", "application/octet-stream"},
                                   {"a", "application/octet-stream"},
                                   {"", "application/octet-stream"}}) {
    EXPECT_EQ(media_type_of(name), type) << name;
  }
}

}  // namespace
}  // namespace darkroom::http
