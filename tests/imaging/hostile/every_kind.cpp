#include "tests/imaging/hostile/every_kind.hpp"

#include <cstdint>
#include <utility>

#include "tests/imaging/gif_samples.hpp"
#include "tests/imaging/heif/heif_samples.hpp"
#include "tests/imaging/jpeg/jpeg_samples.hpp"
#include "tests/imaging/jpeg/sample_profiles.hpp"
#include "tests/imaging/png/png_samples.hpp"
#include "tests/imaging/sample_files.hpp"
#include "tests/imaging/sample_frames.hpp"
#include "tests/imaging/webp/webp_samples.hpp"

namespace darkroom::imaging::testing {
namespace {

using Samples = std::vector<Sample>;

void add_jpegs(Samples& samples) {
  const auto frame = picture(40, 30);
  const auto add = [&](std::string name, const SampleJpeg& kind) {
    samples.push_back({"jpeg-" + std::move(name), make_jpeg(*frame, kind)});
  };
  add("444", {});
  add("420", {.subsampling = {2, 2}});
  add("422", {.subsampling = {2, 1}});
  add("440", {.subsampling = {1, 2}});
  add("411", {.subsampling = {4, 1}});
  add("grey", {.colour = SampleColour::grey});
  add("rgb", {.colour = SampleColour::rgb});
  add("cmyk", {.colour = SampleColour::cmyk});
  add("ycck", {.colour = SampleColour::ycck});
  add("progressive", {.subsampling = {2, 2}, .progressive = true});
  add("progressive-grey", {.colour = SampleColour::grey, .progressive = true});
  add("progressive-cmyk", {.colour = SampleColour::cmyk, .progressive = true});
  add("separate-scans", {.subsampling = {2, 2}, .separate_scans = true});
  add("many-scans", {.many_scans = 1});
  add("restarts", {.subsampling = {2, 2}, .restart_rows = 1});
  add("progressive-restarts", {.progressive = true, .restart_rows = 1});
  add("p3", {.icc = display_p3_profile()});
  add("grey-profile", {.colour = SampleColour::grey, .icc = grey_profile(1.8)});
  add("cmyk-profile", {.colour = SampleColour::cmyk, .icc = weak_cyan_cmyk_profile()});
  const auto plain = make_jpeg(*frame, {.subsampling = {2, 1}});
  for (const std::uint32_t orientation : {2U, 5U, 6U, 8U}) {
    const auto name = "jpeg-orientation-" + std::to_string(orientation);
    samples.push_back({name, with_exif(plain, orientation, orientation % 2 == 0)});
  }
}

void add_pngs(Samples& samples) {
  std::uint32_t number = 0;
  for (const PngHeader& header : every_png_kind(11, 9)) {
    for (const bool transparency : {false, true}) {
      const bool has_alpha_channel = header.colour == 4 || header.colour == 6;
      if (transparency && has_alpha_channel) continue;
      const auto name = "png-" + std::to_string(number);
      samples.push_back({name, random_png(header, transparency, number)});
      ++number;
    }
  }
  const auto png = png_of(*picture(24, 17));
  const auto exif = exif_block(6, true);
  samples.push_back({"png-exif", with_chunk(png, png_chunk("eXIf", exif))});
  samples.push_back(
      {"png-gamma", with_chunk(png, png_chunk("gAMA", FileBuilder().u32_be(100'000).file()))});
}

void add_webps(Samples& samples) {
  const auto opaque = picture(40, 30);
  const auto transparent = picture(40, 30, PixelLayout::rgba);
  samples.push_back({"webp", webp_of(*opaque)});
  samples.push_back({"webp-lossless", webp_of(*opaque, true)});
  samples.push_back({"webp-alpha", webp_of(*transparent)});
  samples.push_back({"webp-alpha-lossless", webp_of(*transparent, true)});
  samples.push_back({"webp-animation",
                     animated_webp(60, 50, {{4, 6, webp_of(*opaque)}, {0, 0, webp_of(*opaque)}})});
  const auto profile = riff_chunk("ICCP", display_p3_profile());
  const auto exif = riff_chunk("EXIF", exif_block(5, false));
  samples.push_back(
      {"webp-profile", extended_webp(webp_of(*opaque), 0x28, {40, 30}, profile, exif)});
}

void add_heifs(Samples& samples) {
  const auto opaque = picture(64, 48);
  const auto transparent = picture(64, 48, PixelLayout::rgba);
  samples.push_back({"avif", avif_of(*opaque, 60)});
  samples.push_back({"avif-alpha", avif_of(*transparent, 60)});
  samples.push_back({"heic", heic_of(*opaque)});
  samples.push_back({"heic-alpha", heic_of(*transparent)});
  // libheif's encoder fills pictures up to 64 x 64, and tells a wrong size of those that it turns.
  const auto large = picture(96, 64);
  samples.push_back({"heic-turned", heic_of(*large, {.orientation = Orientation::rotated_90})});
  samples.push_back({"heic-mirrored", heic_of(*large, {.orientation = Orientation::transposed})});
  samples.push_back({"heic-10-bits", heic_of(*opaque, {.depth = 10})});
  samples.push_back({"heic-profile", heic_of(*opaque, {.profile = display_p3_profile()})});
  samples.push_back({"heic-exif", heic_of(*opaque, {.exif = exif_block(6, true)})});
}

void add_others(Samples& samples) {
  const auto frame = picture(24, 17);
  samples.push_back({"gif", gif_file(9, 5)});
  samples.push_back({"gif-animation", gif_file(9, 5, 4)});
  samples.push_back({"gif-interlaced", make_gif({.canvas = {6, 5},
                                                 .left = 2,
                                                 .top = 1,
                                                 .size = {2, 4},
                                                 .pixels = {0, 1, 2, 3, 3, 2, 1, 0},
                                                 .local_palette = {blue, red},
                                                 .interlaced = true,
                                                 .transparent = 2})});
  samples.push_back({"bmp", bmp_of(*frame)});
  samples.push_back({"psd", psd_of(*frame)});
  samples.push_back({"psd-coded", coded_psd_of(*frame)});
  samples.push_back({"tga", tga_of(*frame)});
  samples.push_back({"tga-mirrored", tga_of(*frame, true)});
  samples.push_back({"tga-coded", coded_tga_of(*frame)});
  samples.push_back({"ppm", ppm_of(*frame)});
  samples.push_back({"pgm", FileBuilder().text("P5 3 1 15\n").u8(0).u8(5).u8(15).file()});
  samples.push_back(
      {"pgm-16-bits", FileBuilder().text("P5 2 1 65535\n").u32_be(0x8000FFFF).file()});
  samples.push_back({"hdr", hdr_file(5, 5)});
  samples.push_back({"hdr-coded", hdr_file(12, 5)});
}

}  // namespace

std::vector<Sample> every_kind() {
  Samples samples;
  add_jpegs(samples);
  add_pngs(samples);
  add_webps(samples);
  add_heifs(samples);
  add_others(samples);
  return samples;
}

}  // namespace darkroom::imaging::testing
