#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/cluster/service_process.hpp"
#include "tests/files/temporary_folder.hpp"

namespace darkroom::dialects {

/// What a command of a document came to.
struct CurlAnswer {
  int status = 0;    ///< Of HTTP; 0 where there was none.
  std::string body;  ///< Or what the command says, where it failed.

  /// The names in the body's object, in their order.
  [[nodiscard]] std::vector<std::string> members() const;
  /// The text at `path`, "result.thumbnail"; "null" for null; empty where there is none.
  [[nodiscard]] std::string text(const std::string& path) const;
};

/// A running service and a folder with pictures, in which commands of a document are run as they
/// are printed, but for the address of the service.
class DocumentService {
 public:
  /// `documented` is the address in the document, which is replaced by that of the service.
  explicit DocumentService(std::string documented);

  /// Puts a file into the folder.
  void write(const std::string& name, const std::string& content) const;
  [[nodiscard]] std::string read(const std::string& name) const;

  /// Runs commands of a shell, the last of which is one curl. Throws std::runtime_error where there
  /// is no shell.
  [[nodiscard]] CurlAnswer run(std::string commands) const;

  /// GET of an address, or of a path of the service.
  [[nodiscard]] CurlAnswer get(const std::string& address) const;

  /// The address of the service, "http://127.0.0.1:8000".
  [[nodiscard]] std::string address() const;

 private:
  tests::TemporaryFolder folder_;
  std::string documented_;
  cluster::ServiceProcess service_;
};

/// `text` with `what` replaced by `by`, wherever it stands.
[[nodiscard]] std::string with(std::string text, std::string_view what, std::string_view by);

/// A picture that a worker can read.
[[nodiscard]] std::string good_jpeg();
/// One whose header is good, and whose pixels are not.
[[nodiscard]] std::string corrupt_png();

}  // namespace darkroom::dialects
