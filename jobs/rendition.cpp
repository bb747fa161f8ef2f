#include "jobs/rendition.hpp"

#include "jobs/enum_names.hpp"

namespace darkroom::jobs {
namespace {

constexpr auto operation_names = enum_names<Operation>("resize", "compress", "thumbnail");
constexpr auto format_names = enum_names<OutputFormat>("jpeg", "png");

}  // namespace

Preset default_preset() {
  return {.name = "default",
          .renditions = {
              {.name = "resized",
               .operation = Operation::resize,
               .width = 1024,
               .height = 1024,
               .quality = 82,
               .folder = "resized"},
              {.name = "compressed",
               .operation = Operation::compress,
               .quality = 60,
               .folder = "compressed"},
              {.name = "thumbnail",
               .operation = Operation::thumbnail,
               .width = 300,
               .height = 300,
               .quality = 80,
               .folder = "thumbnails"},
          }};
}

std::string_view to_string(Operation operation) {
  return operation_names.name(operation);
}

std::optional<Operation> parse_operation(std::string_view text) {
  return operation_names.parse(text);
}

std::string_view to_string(OutputFormat format) {
  return format_names.name(format);
}

std::optional<OutputFormat> parse_output_format(std::string_view text) {
  return format_names.parse(text);
}

std::string_view content_type(OutputFormat format) {
  return format == OutputFormat::png ? "image/png" : "image/jpeg";
}

std::string_view extension(OutputFormat format) {
  return format == OutputFormat::png ? "png" : "jpg";
}

}  // namespace darkroom::jobs
