#include "tests/imaging/jpeg/sample_profiles.hpp"

#include <array>
#include <cmath>

#include <lcms2.h>

namespace darkroom::imaging::testing {
namespace {

ProfileBytes saved(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  ProfileBytes bytes(size);
  cmsSaveProfileToMem(profile, bytes.data(), &size);
  cmsCloseProfile(profile);
  return bytes;
}

cmsToneCurve* srgb_curve() {
  constexpr std::array<double, 5> parameters{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  return cmsBuildParametricToneCurve(nullptr, 4, parameters.data());
}

}  // namespace

ProfileBytes srgb_profile() {
  return saved(cmsCreate_sRGBProfile());
}

ProfileBytes display_p3_profile() {
  const cmsCIExyY white{0.3127, 0.3290, 1};
  const cmsCIExyYTRIPLE primaries{{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
  cmsToneCurve* curve = srgb_curve();
  const std::array<cmsToneCurve*, 3> curves{curve, curve, curve};
  cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves.data());
  cmsFreeToneCurve(curve);
  return saved(profile);
}

ProfileBytes grey_profile(double gamma) {
  cmsToneCurve* curve = cmsBuildGamma(nullptr, gamma);
  cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), curve);
  cmsFreeToneCurve(curve);
  return saved(profile);
}

ProfileBytes weak_cyan_cmyk_profile() {
  cmsHPROFILE profile = cmsCreateProfilePlaceholder(nullptr);
  cmsSetProfileVersion(profile, 2.4);
  cmsSetDeviceClass(profile, cmsSigOutputClass);
  cmsSetColorSpace(profile, cmsSigCmykData);
  cmsSetPCS(profile, cmsSigLabData);
  cmsPipeline* pipeline = cmsPipelineAlloc(nullptr, 4, 3);
  cmsStage* table = cmsStageAllocCLut16bit(nullptr, 9, 4, 3, nullptr);
  const auto sample = [](const cmsUInt16Number* in, cmsUInt16Number* out, void* context) -> int {
    const double light = 1 - in[3] / 65535.0;
    const std::array<double, 3> rgb{(1 - 0.4 * in[0] / 65535.0) * light,
                                    (1 - in[1] / 65535.0) * light, (1 - in[2] / 65535.0) * light};
    std::array<double, 3> lab{};
    cmsDoTransform(context, rgb.data(), lab.data(), 1);
    const cmsCIELab value{lab[0], lab[1], lab[2]};
    cmsFloat2LabEncodedV2(out, &value);
    return 1;
  };
  cmsHPROFILE srgb = cmsCreate_sRGBProfile();
  cmsHPROFILE lab = cmsCreateLab2Profile(nullptr);
  cmsHTRANSFORM transform = cmsCreateTransform(srgb, TYPE_RGB_DBL, lab, TYPE_Lab_DBL,
                                               INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOOPTIMIZE);
  cmsStageSampleCLut16bit(table, sample, transform, 0);
  cmsDeleteTransform(transform);
  cmsCloseProfile(lab);
  cmsCloseProfile(srgb);
  cmsPipelineInsertStage(pipeline, cmsAT_BEGIN, table);
  cmsWriteTag(profile, cmsSigAToB0Tag, pipeline);
  cmsLinkTag(profile, cmsSigAToB1Tag, cmsSigAToB0Tag);
  cmsPipelineFree(pipeline);
  return saved(profile);
}

}  // namespace darkroom::imaging::testing
