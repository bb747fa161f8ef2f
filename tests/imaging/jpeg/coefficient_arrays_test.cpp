#include "imaging/jpeg/coefficient_arrays.hpp"

#include <cstring>
#include <memory_resource>
#include <new>
#include <vector>

#include <gtest/gtest.h>

#include "imaging/jpeg/jpeg_transcoder.hpp"
#include "tests/imaging/jpeg/jpeg_samples.hpp"
#include "tests/imaging/sample_frames.hpp"

namespace darkroom::imaging {
namespace {

using namespace testing;

/// Memory that others have left their traces in, and no more than so much of it at once.
class UsedMemory final : public std::pmr::memory_resource {
 public:
  explicit UsedMemory(std::size_t most = ~std::size_t{0})
      : most_(most), before_(std::pmr::set_default_resource(this)) {}
  ~UsedMemory() override { std::pmr::set_default_resource(before_); }
  UsedMemory(const UsedMemory&) = delete;
  UsedMemory& operator=(const UsedMemory&) = delete;

  [[nodiscard]] std::size_t in_use() const { return in_use_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (bytes > most_ - in_use_) throw std::bad_alloc();
    void* const start = before_->allocate(bytes, alignment);
    std::memset(start, 0xA5, bytes);
    in_use_ += bytes;
    return start;
  }
  void do_deallocate(void* start, std::size_t bytes, std::size_t alignment) override {
    in_use_ -= bytes;
    before_->deallocate(start, bytes, alignment);
  }
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::size_t most_;
  std::size_t in_use_ = 0;
  std::pmr::memory_resource* before_;
};

std::vector<EncodedImage> files() {
  const auto image = picture(333, 217);
  return {make_jpeg(*image, {.subsampling = {2, 2}}),
          make_jpeg(*image, {.subsampling = {2, 2}, .progressive = true}),
          make_jpeg(*image, {.subsampling = {2, 1}}),
          make_jpeg(*image, {.colour = SampleColour::grey})};
}

EncodedImage transcoded(const EncodedImage& file) {
  const auto picture = decode(file, {.coefficients = true}).value();
  EncodeOptions options{.format = jobs::OutputFormat::jpeg, .quality = 70};
  options.subsampling = jobs::ChromaSubsampling::automatic;
  if (!can_transcode(*picture.coefficients, options)) options.quality = 95;
  return transcode_jpeg(*picture.coefficients, options).value();
}

TEST(CoefficientArrays, HoldNothingOfWhatWasInTheirMemoryBefore) {
  for (const auto& file : files()) {
    const auto expected = transcoded(file);
    const UsedMemory used;
    EXPECT_EQ(transcoded(file), expected);
  }
}

TEST(CoefficientArrays, LetTheirMemoryGoWithThePicture) {
  const UsedMemory used;
  {
    const auto picture = decode(files()[1], {.coefficients = true});
    ASSERT_TRUE(picture);
    EXPECT_GT(used.in_use(), 0U);
  }
  EXPECT_EQ(used.in_use(), 0U);
}

TEST(CoefficientArrays, ForWhichThereIsNoMemoryFailTheDecodingAndNothingElse) {
  for (const auto& file : files()) {
    for (const std::size_t room : {std::size_t{0}, std::size_t{100'000}, std::size_t{200'000}}) {
      const UsedMemory used{room};
      try {
        const auto decoded = decode(file, {.coefficients = true});
        ASSERT_FALSE(decoded) << room;
        EXPECT_EQ(decoded.error().code, ErrorCode::out_of_memory);
      } catch (const std::bad_alloc&) {
        // A plane's memory: the backend turns it into the same error.
      }
      EXPECT_EQ(used.in_use(), 0U);
    }
  }
}

}  // namespace
}  // namespace darkroom::imaging
