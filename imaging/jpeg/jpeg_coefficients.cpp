#include "imaging/jpeg/jpeg_coefficients.hpp"

#include <algorithm>
#include <cstdio>

#include <jpeglib.h>

namespace darkroom::imaging {
namespace {

JpegCoefficients::Component describe(const jpeg_component_info& component) {
  JpegCoefficients::Component described;
  described.blocks_across = component.width_in_blocks;
  std::ranges::copy(component.quant_table->quantval, described.quantization.begin());
  described.rows.resize(component.height_in_blocks);
  return described;
}

}  // namespace

tl::expected<std::shared_ptr<const JpegCoefficients>, Error> take_jpeg_coefficients(
    std::shared_ptr<JpegReader> reader, Subsampling subsampling) {
  jpeg_decompress_struct& codec = reader->codec();
  std::vector<JpegCoefficients::Component> components;
  components.reserve(static_cast<std::size_t>(codec.num_components));
  for (int i = 0; i < codec.num_components; ++i) {
    components.push_back(describe(codec.comp_info[i]));
  }
  const bool taken = reader->errors().run([&] {
    jvirt_barray_ptr* arrays = jpeg_read_coefficients(&codec);
    for (auto& component : components) {
      jvirt_barray_ptr array = *arrays++;
      for (std::size_t y = 0; y < component.rows.size(); ++y) {
        // All rows are in memory: Debian's libjpeg-turbo has no backing store.
        component.rows[y] =
            codec.mem->access_virt_barray(reinterpret_cast<j_common_ptr>(&codec), array,
                                          static_cast<JDIMENSION>(y), 1, FALSE)[0][0];
      }
    }
  });
  if (!taken) return tl::unexpected(reader->errors().error());
  const Size size{codec.image_width, codec.image_height};
  return std::make_shared<const JpegCoefficients>(size, subsampling, std::move(components),
                                                  std::move(reader));
}

}  // namespace darkroom::imaging
