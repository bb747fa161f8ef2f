#include "imaging/colour/make_profile.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <lcms2.h>

#include "imaging/colour/icc_profile.hpp"

namespace darkroom::imaging {
namespace {

struct FreeCurve {
  void operator()(cmsToneCurve* curve) const { cmsFreeToneCurve(curve); }
};
using Curve = std::unique_ptr<cmsToneCurve, FreeCurve>;

Curve make_curve(std::optional<double> gamma) {
  if (gamma) return Curve(cmsBuildGamma(nullptr, *gamma));
  constexpr cmsInt32Number power_with_linear_foot = 4;
  constexpr std::array<double, 5> srgb{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  return Curve(cmsBuildParametricToneCurve(nullptr, power_with_linear_foot, srgb.data()));
}

cmsCIExyY to_lcms(const Chromaticity& point) {
  return {point.x, point.y, 1};
}

bool is_possible(const Chromaticity& point) {
  return point.x >= 0 && point.x <= 1 && point.y > 0 && point.y <= 1;
}

constexpr double steepest = 10;

bool is_possible(double gamma) {
  return gamma > 1 / steepest && gamma < steepest;
}

std::vector<std::byte> to_bytes(const IccProfile& profile) {
  cmsUInt32Number size = 0;
  if (!profile || cmsSaveProfileToMem(profile.handle(), nullptr, &size) == 0) return {};
  std::vector<std::byte> bytes(size);
  if (cmsSaveProfileToMem(profile.handle(), bytes.data(), &size) == 0) return {};
  return bytes;
}

}  // namespace

std::vector<std::byte> make_profile(const Primaries& primaries, std::optional<double> gamma) {
  const std::array points{primaries.white, primaries.red, primaries.green, primaries.blue};
  const auto lies_within = [](const Chromaticity& point) { return is_possible(point); };
  const bool possible = std::all_of(points.begin(), points.end(), lies_within);
  if (!possible || (gamma && !is_possible(*gamma))) return {};
  const Curve curve = make_curve(gamma);
  if (curve == nullptr) return {};
  const cmsCIExyY white = to_lcms(primaries.white);
  const cmsCIExyYTRIPLE colours{to_lcms(primaries.red), to_lcms(primaries.green),
                                to_lcms(primaries.blue)};
  const std::array<cmsToneCurve*, 3> curves{curve.get(), curve.get(), curve.get()};
  return to_bytes(IccProfile(cmsCreateRGBProfile(&white, &colours, curves.data())));
}

std::vector<std::byte> make_grey_profile(double gamma) {
  if (!is_possible(gamma)) return {};
  const Curve curve = make_curve(gamma);
  if (curve == nullptr) return {};
  return to_bytes(IccProfile(cmsCreateGrayProfile(cmsD50_xyY(), curve.get())));
}

}  // namespace darkroom::imaging
