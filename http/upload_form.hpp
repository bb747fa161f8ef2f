#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "http/multipart_parser.hpp"
#include "http/upload_parameters.hpp"

namespace darkroom::http {

/// How a route has its uploads sent.
struct UploadRules {
  std::string_view file_field = "file";   ///< Of the form. Outlives the rules.
  std::string_view also_file_field = {};  ///< Is taken for the same; empty: none is.
  bool raw_body = true;                   ///< The picture may be the whole body, too.
  bool source_url = false;   ///< The body may be JSON that says whence the picture is fetched.
  bool named_file = false;   ///< A field without a file name is a text, no file.
  bool public_name = false;  ///< The file is called by its name, as media_name() has it.
};

/// Takes the files of a form as they come. An error ends the upload.
class FormFiles {
 public:
  virtual ~FormFiles() = default;
  /// `filename` as the client sent it; empty where it sent none.
  [[nodiscard]] virtual tl::expected<void, Problem> file_begins(std::string_view filename) = 0;
  [[nodiscard]] virtual tl::expected<void, Problem> file_data(std::string_view bytes) = 0;
  [[nodiscard]] virtual tl::expected<void, Problem> file_ends() = 0;
  [[nodiscard]] virtual bool has_file() const = 0;
};

/// Takes the parts of an upload's form: its files, the parameters, and others, which are ignored.
class UploadForm final : public PartReceiver {
 public:
  /// `parameters` are what the query says, if anything; something else in the form is an error.
  /// Each must outlive the form.
  UploadForm(FormFiles& files, UploadParameters& parameters, const UploadRules& rules)
      : files_(files), parameters_(parameters), rules_(rules) {}

  [[nodiscard]] tl::expected<void, Problem> part_begins(const PartHeader& header) override;
  [[nodiscard]] tl::expected<void, Problem> part_data(std::string_view bytes) override;
  [[nodiscard]] tl::expected<void, Problem> part_ends() override;

  /// The sentence for a form that came without the file.
  [[nodiscard]] Problem no_file() const;

 private:
  enum class Part : std::uint8_t { file, parameter, other_value, other_file };

  [[nodiscard]] bool is_file(std::string_view field) const;

  FormFiles& files_;
  UploadParameters& parameters_;
  const UploadRules& rules_;
  Part part_ = Part::other_value;
  std::string name_;
  std::size_t value_bytes_ = 0;
  std::string value_;                     ///< Of a parameter.
  std::vector<std::string> other_names_;  ///< Of fields that are ignored.
};

}  // namespace darkroom::http
