#include "nodes/rendition_settings.hpp"

#include <vector>

namespace darkroom::nodes {
namespace {

using jobs::RenditionSpec;
using jobs::Watermark;

template <auto Member>
BasicSetting<RenditionSpec> option(std::string_view key, const ValueType& type,
                                   std::string_view help) {
  return bind_setting<RenditionSpec, Member>("", key, type, help);
}

std::vector<BasicSetting<RenditionSpec>> make_rendition_settings() {
  constexpr std::uint64_t max_file = std::uint64_t{1} << 30U;
  using S = RenditionSpec;
  return {
      option<&S::name>("name", text(), "Unique in its preset"),
      option<&S::operation>("operation", choice<jobs::Operation>(), "What is done to the picture"),
      option<&S::width>("width", whole(0, 65'535), "Of the box, in pixels; 0 does not limit"),
      option<&S::height>("height", whole(0, 65'535), "Of the box, in pixels; 0 does not limit"),
      option<&S::fit>("fit", choice<jobs::Fit>(), "How the picture is brought into its box"),
      option<&S::gravity>("gravity", choice<jobs::Gravity>(),
                          "What cover keeps, where pad puts it"),
      option<&S::focus>("focus", point(), "The point that cover keeps in sight"),
      option<&S::enlarge>("enlarge", flag(), "Make a picture smaller than its box larger"),
      option<&S::background>("background", colour(), "Of pad, and under transparent pixels"),
      option<&S::format>("format", choice<jobs::OutputFormat>(), "File format"),
      option<&S::quality>("quality", whole(1, 100), "Of JPEG, WebP and AVIF"),
      option<&S::max_bytes>("max_bytes", bytes(0, max_file),
                            "Lower the quality until the file fits; 0: any size"),
      option<&S::lossless>("lossless", flag(), "Of WebP"),
      option<&S::progressive>("progressive", flag(), "Of JPEG"),
      option<&S::subsampling>("subsampling", choice<jobs::ChromaSubsampling>(), "Of JPEG and AVIF"),
      option<&S::effort>("effort", whole(0, 9), "Of WebP, AVIF and PNG: 0 fastest, 9 smallest"),
      option<&S::sharpen>("sharpen", number(0, 4), "Strength of sharpening after shrinking"),
      option<&S::linear_light>("linear_light", flag(), "Resample in linear light"),
      option<&S::keep_copyright>("keep_copyright", flag(), "Carry the copyright notice over"),
      option<&S::watermark>("watermark", text(), "Name of a [[watermark]]"),
      option<&S::folder>("folder", text(), "Folder below uploads/"),
  };
}

}  // namespace

std::span<const BasicSetting<RenditionSpec>> rendition_settings() {
  static const std::vector<BasicSetting<RenditionSpec>> table = make_rendition_settings();
  return table;
}

std::span<const BasicSetting<Watermark>> watermark_settings() {
  static const std::vector<BasicSetting<Watermark>> table{
      bind_setting<Watermark, &Watermark::name>("", "name", text(), "What renditions call it by"),
      bind_setting<Watermark, &Watermark::image>("", "image", text(), "A PNG or WebP file"),
      bind_setting<Watermark, &Watermark::position>("", "position", choice<jobs::Gravity>(),
                                                    "Side or corner of the rendition"),
      bind_setting<Watermark, &Watermark::opacity>("", "opacity", number(0, 1),
                                                   "1 covers what is below"),
      bind_setting<Watermark, &Watermark::scale>("", "scale", number(0, 1),
                                                 "Its width as a part of the rendition's"),
  };
  return table;
}

std::string_view default_folder(jobs::Operation operation) {
  switch (operation) {
    case jobs::Operation::resize:
      return "resized";
    case jobs::Operation::compress:
      return "compressed";
    case jobs::Operation::thumbnail:
      break;
  }
  return "thumbnails";
}

}  // namespace darkroom::nodes
