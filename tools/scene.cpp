#include "tools/scene.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

namespace darkroom::tools {
namespace {

using Rgb = std::array<double, 3>;
constexpr int samples_a_side = 3;  // Of each pixel, so that edges are smooth.

Rgb mix(const Rgb& from, const Rgb& to, double share) {
  share = std::clamp(share, 0.0, 1.0);
  return {from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share,
          from[2] + (to[2] - from[2]) * share};
}

/// A fixed number in 0..1 for each cell.
double random_at(std::int64_t x, std::int64_t y) {
  auto hash =
      static_cast<std::uint32_t>(x) * 0x9E37'79B1U ^ static_cast<std::uint32_t>(y) * 0x85EB'CA77U;
  hash = (hash ^ (hash >> 15U)) * 0x2C1B'3C6DU;
  hash = (hash ^ (hash >> 12U)) * 0x297A'2D39U;
  hash ^= hash >> 15U;
  return hash / 4'294'967'295.0;
}

double random_near(double x, double y) {
  return random_at(static_cast<std::int64_t>(std::floor(x)),
                   static_cast<std::int64_t>(std::floor(y)));
}

bool within(double value, double low, double high) {
  return value >= low && value < high;
}

Rgb sky(double x, double y) {
  const Rgb ground = mix({46, 92, 158}, {252, 205, 150}, y / 560);
  const double from_sun = std::hypot(x - 300, y - 330);
  if (from_sun < 58) return {255, 246, 214};
  return mix({255, 226, 170}, ground, (from_sun - 58) / 240);
}

/// Height of the ridge of hill `number` above column x, in pixels from the top.
double ridge(int number, double x) {
  const double base = 470 + 75 * number;
  const double swell = 60.0 / (1 + number * 0.3);
  return base - swell * std::sin(x / (230.0 - 35 * number) + number * 2.1) -
         14 * std::sin(x / 61.0 + number);
}

Rgb grass(double x, double y) {
  const double blade = random_near(x / 3, y / 9);
  return mix({58, 104, 44}, {108, 150, 62}, blade);
}

/// The house stands at 760..960 x 400..620.
bool house(double x, double y, Rgb& colour) {
  const double roof_half = (y - 380) * 1.35;
  if (within(y, 380, 470) && std::abs(x - 860) < roof_half) {
    const bool joint = std::fmod(y, 12) < 2;
    colour = joint ? Rgb{116, 40, 30} : Rgb{158, 58, 42};
    return true;
  }
  if (!within(x, 765, 955) || !within(y, 470, 625)) return false;
  const bool brick_joint =
      std::fmod(y, 10) < 1.5 || std::fmod(x + (std::fmod(y, 20) < 10 ? 0 : 11), 22) < 1.5;
  colour = brick_joint ? Rgb{206, 182, 168} : Rgb{176, 72, 58};
  for (const double left : {790.0, 890.0}) {
    if (!within(x, left, left + 40) || !within(y, 500, 550)) continue;
    const bool frame = std::abs(x - left - 20) < 2 || std::abs(y - 525) < 2 ||
                       !within(x, left + 3, left + 37) || !within(y, 503, 547);
    colour = frame ? Rgb{250, 248, 240} : Rgb{255, 214, 120};
  }
  if (within(x, 845, 877) && within(y, 560, 625)) colour = {70, 52, 44};
  return true;
}

bool fence(double x, double y, Rgb& colour) {
  if (!within(x, 620, 1130) || !within(y, 600, 660)) return false;
  const bool slat = std::fmod(x, 18) < 9 && y > 606 + std::abs(std::fmod(x, 18) - 4.5);
  const bool rail = within(y, 618, 624) || within(y, 642, 648);
  if (!slat && !rail) return false;
  colour = {244, 240, 230};
  return true;
}

bool flag(double x, double y, Rgb& colour) {
  if (within(x, 1010, 1015) && within(y, 330, 610)) {
    colour = {236, 236, 236};
    return true;
  }
  const double wave = 6 * std::sin((x - 1015) / 18);
  if (!within(x, 1015, 1095) || !within(y - wave, 335, 387)) return false;
  colour = within(y - wave, 352, 370) ? Rgb{255, 255, 255} : Rgb{24, 84, 164};
  return true;
}

Rgb hills(double x, double y) {
  Rgb colour = sky(x, y);
  constexpr std::array<Rgb, 3> shades{Rgb{120, 128, 150}, Rgb{92, 118, 104}, Rgb{80, 126, 64}};
  for (int number = 0; number < 3; ++number) {
    if (y > ridge(number, x)) colour = shades.at(static_cast<std::size_t>(number));
  }
  if (y > ridge(2, x) + 12) colour = grass(x, y);
  for (const auto part : {&house, &flag, &fence}) {
    if (part(x, y, colour)) continue;
  }
  return colour;
}

/// Rgb and alpha, both as they are seen.
struct Dot {
  Rgb colour{};
  double alpha = 1;
};

Dot badge_dot(double x, double y) {
  const double dx = x - 180;
  const double dy = y - 180;
  const double radius = std::hypot(dx, dy);
  if (radius > 170) return {{}, 0};
  // A star of five points: its edge is a straight line from a tip to a notch.
  constexpr double sector = 2 * std::numbers::pi / 5;
  const double angle = std::abs(std::remainder(std::atan2(dx, -dy), sector));
  constexpr double tip = 120;
  constexpr double notch = 46;
  const double notch_x = notch * std::sin(sector / 2);
  const double notch_y = notch * std::cos(sector / 2);
  const double px = radius * std::sin(angle);
  const double py = radius * std::cos(angle);
  const bool star = (px - 0) * (notch_y - tip) - (py - tip) * (notch_x - 0) > 0;
  if (star) return {{255, 255, 255}, 1};
  return {mix({24, 84, 164}, {60, 140, 220}, (dy + 170) / 340), radius > 155 ? 0.6 : 1};
}

template <typename Draw>
imaging::FramePtr drawn(std::uint32_t width, std::uint32_t height, imaging::PixelLayout layout,
                        const Draw& draw) {
  std::vector<std::uint8_t> samples;
  samples.reserve(std::size_t{width} * height * imaging::channels(layout));
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      Rgb sum{};
      double alpha = 0;
      for (int part = 0; part < samples_a_side * samples_a_side; ++part) {
        const double dx = (part % samples_a_side + 0.5) / samples_a_side;
        const double dy = (part / samples_a_side + 0.5) / samples_a_side;
        const Dot dot = draw(x + dx, y + dy);
        for (std::size_t c = 0; c < 3; ++c)
          sum[c] += dot.colour[c] * dot.alpha;
        alpha += dot.alpha;
      }
      for (const double value : sum)
        samples.push_back(static_cast<std::uint8_t>(alpha > 0 ? value / alpha + 0.5 : 0));
      if (imaging::has_alpha(layout)) {
        const double share = alpha / (samples_a_side * samples_a_side);
        samples.push_back(static_cast<std::uint8_t>(share * 255 + 0.5));
      }
    }
  }
  return std::make_shared<const imaging::Frame>(width, height, layout, samples);
}

}  // namespace

imaging::FramePtr hills_with_house() {
  return drawn(1200, 800, imaging::PixelLayout::rgb,
               [](double x, double y) { return Dot{hills(x, y)}; });
}

imaging::FramePtr badge() {
  return drawn(360, 360, imaging::PixelLayout::rgba, badge_dot);
}

imaging::FramePtr night_sky() {
  return drawn(1200, 800, imaging::PixelLayout::rgb, [](double x, double y) {
    const bool star = random_near(x, y) > 0.97 + 0.03 * std::abs(y - 400) / 400;
    return Dot{star ? Rgb{255, 250, 235} : Rgb{4, 6, 18}};
  });
}

imaging::FramePtr red_on_blue() {
  return drawn(240, 160, imaging::PixelLayout::rgb, [](double x, double y) {
    const double radius = std::hypot(x - 120, y - 80);
    const bool line = std::fmod(radius, 8) < 2;
    return Dot{line ? Rgb{235, 30, 30} : Rgb{30, 50, 190}};
  });
}

}  // namespace darkroom::tools
