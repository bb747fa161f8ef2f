#include "imaging/colour/srgb_profile.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <lcms2.h>

#include "imaging/colour/icc_profile.hpp"

namespace darkroom::imaging {
namespace {

/// IEC 61966-2-1, from linear light.
double srgb_encoded(double linear) {
  return linear <= 0.0031308 ? linear * 12.92 : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

bool is_srgb_curve(cmsHPROFILE profile, cmsTagSignature tag) {
  const auto* curve = static_cast<const cmsToneCurve*>(cmsReadTag(profile, tag));
  if (curve == nullptr) return false;
  constexpr int steps = 51;
  constexpr double tolerance = 2.0 / 255;
  for (int i = 0; i <= steps; ++i) {
    const double sample = static_cast<double>(i) / steps;
    const double linear = cmsEvalToneCurveFloat(curve, static_cast<float>(sample));
    if (!(std::abs(srgb_encoded(std::max(linear, 0.0)) - sample) <= tolerance)) return false;
  }
  return true;
}

bool is_near(cmsHPROFILE profile, cmsTagSignature tag, const cmsCIEXYZ& expected) {
  const auto* colour = static_cast<const cmsCIEXYZ*>(cmsReadTag(profile, tag));
  // Profiles differ in the third digit by how their makers adapted D65 to D50.
  constexpr double tolerance = 0.004;
  return colour != nullptr && std::abs(colour->X - expected.X) <= tolerance &&
         std::abs(colour->Y - expected.Y) <= tolerance &&
         std::abs(colour->Z - expected.Z) <= tolerance;
}

bool has_tables(cmsHPROFILE profile) {
  constexpr std::array tags{cmsSigAToB0Tag, cmsSigAToB1Tag, cmsSigDToB0Tag, cmsSigDToB1Tag};
  return std::ranges::any_of(tags,
                             [&](cmsTagSignature tag) { return cmsIsTag(profile, tag) != 0; });
}

/// The primaries of sRGB adapted to the D50 of the profile connection space (Bradford).
bool has_srgb_primaries(cmsHPROFILE profile) {
  return is_near(profile, cmsSigRedColorantTag, {0.43607, 0.22250, 0.01393}) &&
         is_near(profile, cmsSigGreenColorantTag, {0.38506, 0.71688, 0.09710}) &&
         is_near(profile, cmsSigBlueColorantTag, {0.14308, 0.06062, 0.71417});
}

}  // namespace

bool is_srgb_profile(std::span<const std::byte> icc) {
  const IccProfile profile(icc);
  if (!profile || has_tables(profile.handle())) return false;
  switch (cmsGetColorSpace(profile.handle())) {
    case cmsSigGrayData:
      return is_srgb_curve(profile.handle(), cmsSigGrayTRCTag);
    case cmsSigRgbData:
      return has_srgb_primaries(profile.handle()) &&
             is_srgb_curve(profile.handle(), cmsSigRedTRCTag) &&
             is_srgb_curve(profile.handle(), cmsSigGreenTRCTag) &&
             is_srgb_curve(profile.handle(), cmsSigBlueTRCTag);
    default:
      return false;
  }
}

}  // namespace darkroom::imaging
