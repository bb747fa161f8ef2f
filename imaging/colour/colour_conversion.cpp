#include "imaging/colour/colour_conversion.hpp"

#include <algorithm>
#include <utility>

#include <lcms2.h>

#include "imaging/colour/icc_profile.hpp"
#include "imaging/colour/srgb_profile.hpp"

namespace darkroom::imaging {
namespace {

/// How lcms2 has each kind of samples.
struct Kind {
  cmsColorSpaceSignature space;
  cmsUInt32Number from;
  cmsUInt32Number to;
};

Kind describe(SampleKind kind) {
  switch (kind) {
    case SampleKind::grey:
      return {cmsSigGrayData, TYPE_GRAY_8, TYPE_GRAY_8};
    case SampleKind::rgb:
      return {cmsSigRgbData, TYPE_RGB_8, TYPE_RGB_8};
    case SampleKind::rgba:
      return {cmsSigRgbData, TYPE_RGBA_8, TYPE_RGBA_8};
    case SampleKind::inverted_cmyk:
      break;
  }
  return {cmsSigCmykData, TYPE_CMYK_8_REV, TYPE_RGB_8};
}

/// Grey samples with the tone curve of sRGB, so that grey pictures stay grey.
IccProfile srgb_grey() {
  struct FreeCurve {
    void operator()(cmsToneCurve* curve) const { cmsFreeToneCurve(curve); }
  };
  // IEC 61966-2-1 in lcms2's form 4: (aX + b)^gamma above d, cX below.
  constexpr std::array<cmsFloat64Number, 5> srgb{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  const std::unique_ptr<cmsToneCurve, FreeCurve> curve(
      cmsBuildParametricToneCurve(nullptr, 4, srgb.data()));
  return IccProfile(curve == nullptr ? nullptr : cmsCreateGrayProfile(cmsD50_xyY(), curve.get()));
}

IccProfile srgb_for(SampleKind kind) {
  return kind == SampleKind::grey ? srgb_grey() : IccProfile(cmsCreate_sRGBProfile());
}

std::optional<SampleKind> sample_kind(PixelLayout layout) {
  switch (layout) {
    case PixelLayout::grey:
    case PixelLayout::grey_alpha:
      return SampleKind::grey;
    case PixelLayout::rgb:
      return SampleKind::rgb;
    case PixelLayout::rgba:
      return SampleKind::rgba;
    case PixelLayout::ycc:
      break;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ColourConversion> ColourConversion::to_srgb(std::span<const std::byte> icc,
                                                          SampleKind kind) {
  if (icc.empty() || is_srgb_profile(icc)) return std::nullopt;
  const IccProfile profile(icc);
  const Kind samples = describe(kind);
  if (!profile || cmsGetColorSpace(profile.handle()) != samples.space) return std::nullopt;
  const IccProfile srgb = srgb_for(kind);
  if (!srgb) return std::nullopt;
  ColourConversion conversion(cmsCreateTransform(
      profile.handle(), samples.from, srgb.handle(), samples.to, INTENT_RELATIVE_COLORIMETRIC,
      cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_COPY_ALPHA));
  if (conversion.transform_ == nullptr) return std::nullopt;
  if (kind == SampleKind::grey) conversion.tabulate();
  return conversion;
}

void ColourConversion::tabulate() {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    table.at(i) = static_cast<std::uint8_t>(i);
  }
  cmsDoTransform(transform_.get(), table.data(), table.data(),
                 static_cast<cmsUInt32Number>(table.size()));
  grey_table_ = table;
}

void ColourConversion::convert(const std::uint8_t* from, std::uint8_t* to,
                               std::size_t pixels) const {
  if (grey_table_) {
    std::transform(from, from + pixels, to,
                   [&](std::uint8_t sample) { return (*grey_table_)[sample]; });
    return;
  }
  cmsDoTransform(transform_.get(), from, to, static_cast<cmsUInt32Number>(pixels));
}

void ColourConversion::Delete::operator()(void* transform) const {
  cmsDeleteTransform(transform);
}

FramePtr convert_to_srgb(const FramePtr& frame, std::span<const std::byte> icc) {
  const auto kind = sample_kind(frame->layout());
  if (!kind) return frame;
  const auto conversion = ColourConversion::to_srgb(icc, *kind);
  if (!conversion) return frame;
  const std::uint32_t samples = channels(frame->layout());
  auto converted = PlaneBuffer::tight(frame->width(), frame->height(), samples);
  std::array<std::uint8_t, 256> alone{};
  for (std::uint32_t y = 0; y < frame->height(); ++y) {
    const auto from = frame->plane(0).row(y);
    std::uint8_t* to = converted.row(y);
    if (frame->layout() != PixelLayout::grey_alpha) {
      conversion->convert(from.data(), to, frame->width());
      continue;
    }
    std::ranges::copy(from, to);
    for (std::uint32_t x = 0; x < frame->width(); x += alone.size()) {
      const auto count = std::min<std::size_t>(alone.size(), frame->width() - x);
      for (std::size_t i = 0; i < count; ++i)
        alone[i] = from[2 * (x + i)];
      conversion->convert(alone.data(), alone.data(), count);
      for (std::size_t i = 0; i < count; ++i)
        to[2 * (x + i)] = alone[i];
    }
  }
  return std::make_shared<const Frame>(frame->layout(), std::move(converted));
}

}  // namespace darkroom::imaging
