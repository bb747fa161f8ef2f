#include "imaging/colour/icc_profile.hpp"

#include <cstdint>

#include <lcms2.h>

namespace darkroom::imaging {
namespace {

/// The largest CMYK profiles in use have about 3 MiB.
constexpr std::size_t most_profile_bytes = std::size_t{8} << 20U;

void* open(std::span<const std::byte> icc) {
  if (icc.empty() || icc.size() > most_profile_bytes) return nullptr;
  return cmsOpenProfileFromMem(icc.data(), static_cast<std::uint32_t>(icc.size()));
}

}  // namespace

IccProfile::IccProfile(std::span<const std::byte> icc) : handle_(open(icc)) {}

IccProfile::IccProfile(void* handle) : handle_(handle) {}

void IccProfile::Close::operator()(void* handle) const {
  cmsCloseProfile(handle);
}

}  // namespace darkroom::imaging
