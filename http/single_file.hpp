#pragma once

#include <string_view>

#include <tl/expected.hpp>

#include "http/problem.hpp"
#include "http/upload.hpp"
#include "http/upload_form.hpp"

namespace darkroom::http {

/// The file of a form that is to have one.
class SingleFile final : public FormFiles {
 public:
  /// `upload` must outlive this object, and `field`, the name of the file's field, too.
  SingleFile(Upload& upload, std::string_view field) : upload_(upload), field_(field) {}

  [[nodiscard]] tl::expected<void, Problem> file_begins(std::string_view filename) override;
  [[nodiscard]] tl::expected<void, Problem> file_data(std::string_view bytes) override;
  [[nodiscard]] tl::expected<void, Problem> file_ends() override;
  [[nodiscard]] bool has_file() const override;

 private:
  Upload& upload_;
  std::string_view field_;
};

}  // namespace darkroom::http
