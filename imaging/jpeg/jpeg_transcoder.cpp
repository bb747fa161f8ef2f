#include "imaging/jpeg/jpeg_transcoder.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include <jpeglib.h>

#include "imaging/jpeg/jpeg_writer.hpp"
#include "imaging/jpeg/requantize.hpp"
#include "imaging/refusal.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::size_t block_samples = JpegCoefficients::block_samples;
using QuantizationTable = std::array<std::uint16_t, block_samples>;

/// A component's coefficients, requantised row by row as libjpeg asks for them. Takes the place of
/// one of libjpeg's virtual arrays.
class RowSource {
 public:
  /// Rows that are asked for once are never all held at a time; those of a file of several scans
  /// are `kept`.
  RowSource(const JpegCoefficients::Component& component, std::uint32_t rows_a_group, bool kept,
            const QuantizationTable& table)
      : component_(&component),
        kept_(kept),
        row_samples_(component.blocks_across * block_samples),
        factors_(requantization_factors(component.quantization, table)),
        // Groups are filled up with rows that are never looked at.
        room_(row_samples_ * (kept ? component.rows.size() + rows_a_group : rows_a_group)) {}

  JBLOCKARRAY rows(JDIMENSION first, JDIMENSION count) {
    for (JDIMENSION i = 0; i < count; ++i) {
      const JDIMENSION y = first + i;
      std::int16_t* const row = room_.row(kept_ ? y : i, row_samples_);
      pointers_[i] = reinterpret_cast<JBLOCKROW>(row);
      const bool known = kept_ && y < done_;
      if (known || y >= component_->rows.size()) continue;
      requantize(component_->rows[y], row, component_->blocks_across, factors_);
      done_ = y + 1;
    }
    return pointers_.data();
  }

 private:
  /// Coefficients that need no zeroes before they are written.
  class Room {
   public:
    explicit Room(std::size_t samples)
        : samples_(std::make_unique_for_overwrite<std::int16_t[]>(samples)) {}
    [[nodiscard]] std::int16_t* row(std::size_t y, std::size_t row_samples) {
      return samples_.get() + y * row_samples;
    }

   private:
    std::unique_ptr<std::int16_t[]> samples_;
  };

  const JpegCoefficients::Component* component_;
  bool kept_;
  std::size_t row_samples_;
  RequantizationFactors factors_;
  Room room_;
  JDIMENSION done_ = 0;
  std::array<JBLOCKROW, MAX_SAMP_FACTOR> pointers_{};
};

JBLOCKARRAY give_rows(j_common_ptr, jvirt_barray_ptr array, JDIMENSION first, JDIMENSION count,
                      boolean) {
  return reinterpret_cast<RowSource*>(array)->rows(first, count);
}

/// The coarser step of each pair.
QuantizationTable coarser(const QuantizationTable& original, const UINT16* wanted) {
  QuantizationTable table{};
  std::transform(original.begin(), original.end(), wanted, table.begin(),
                 [](std::uint16_t a, UINT16 b) { return std::max<std::uint16_t>(a, b); });
  return table;
}

/// One table for each component, where the standard tables serve luma and chroma.
std::vector<QuantizationTable> tables_for(const JpegCoefficients& coefficients,
                                          const jpeg_compress_struct& codec) {
  std::vector<QuantizationTable> tables;
  for (const auto& component : coefficients.components()) {
    const JQUANT_TBL* wanted = codec.quant_tbl_ptrs[tables.empty() ? 0 : 1];
    tables.push_back(coarser(component.quantization, wanted->quantval));
  }
  return tables;
}

/// Inside of JpegErrors::run. Equal tables of the chroma components are written once.
void set_tables(jpeg_compress_struct& codec, const std::vector<QuantizationTable>& tables) {
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const bool as_before = i == 2 && tables[2] == tables[1];
    const std::size_t slot = as_before ? 1 : i;
    codec.comp_info[i].quant_tbl_no = static_cast<int>(slot);
    JQUANT_TBL*& table = codec.quant_tbl_ptrs[slot];
    if (table == nullptr) table = jpeg_alloc_quant_table(reinterpret_cast<j_common_ptr>(&codec));
    std::ranges::copy(tables[i], table->quantval);
  }
}

}  // namespace

bool can_transcode(const JpegCoefficients& coefficients, const EncodeOptions& options) {
  if (options.format != jobs::OutputFormat::jpeg) return false;
  const Subsampling own = coefficients.subsampling();
  return coefficients.components().size() == 1 || output_subsampling(options, own) == own;
}

tl::expected<EncodedImage, Error> transcode_jpeg(const JpegCoefficients& coefficients,
                                                 const EncodeOptions& options) {
  if (!can_transcode(coefficients, options)) {
    return refuse(ErrorCode::encode_failed,
                  "A JPEG cannot change its chroma subsampling without being decoded.");
  }
  const auto& components = coefficients.components();
  const Subsampling subsampling = coefficients.subsampling();
  JpegWriter writer;
  if (auto opened = writer.open(coefficients.size(), static_cast<int>(components.size()),
                                subsampling, options);
      !opened) {
    return tl::unexpected(std::move(opened.error()));
  }
  jpeg_compress_struct& codec = writer.codec();
  const EncodedImage exif = exif_segment(options);
  const auto tables = tables_for(coefficients, codec);
  std::vector<RowSource> sources;
  std::array<jvirt_barray_ptr, 3> arrays{};
  sources.reserve(components.size());
  for (std::size_t i = 0; i < components.size(); ++i) {
    const bool subsampled_luma = i == 0 && components.size() > 1;
    sources.emplace_back(components[i], subsampled_luma ? subsampling.vertical : 1U,
                         options.progressive, tables[i]);
    arrays.at(i) = reinterpret_cast<jvirt_barray_ptr>(&sources[i]);
  }
  const bool written = writer.errors().run([&] {
    set_tables(codec, tables);
    codec.mem->access_virt_barray = give_rows;
    jpeg_write_coefficients(&codec, arrays.data());
    write_exif(codec, exif);
    jpeg_finish_compress(&codec);
  });
  if (!written) return tl::unexpected(writer.errors().error());
  return writer.take();
}

}  // namespace darkroom::imaging
