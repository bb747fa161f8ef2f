#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace darkroom::nodes {

enum class ControlFailureKind : std::uint8_t {
  no_service,  ///< None runs on this data folder.
  refused,     ///< It answered, and said no.
  failed,      ///< It could not be asked, or did not answer.
};

/// Why a running service did not do what was asked of it.
struct ControlFailure {
  ControlFailureKind kind = ControlFailureKind::failed;
  std::string message;  ///< A sentence for the operator, with what to do.
};

/// Asks the service that runs on a data folder, by its control socket (http/control_routes.hpp).
class ControlClient {
 public:
  /// `storage` is storage.path.
  explicit ControlClient(std::filesystem::path storage) : storage_(std::move(storage)) {}

  static constexpr std::chrono::seconds usual_timeout{30};

  /// The body of the answer, which is JSON. Waits for so long, not for ever.
  [[nodiscard]] tl::expected<std::string, ControlFailure> get(const std::string& target) const;
  [[nodiscard]] tl::expected<std::string, ControlFailure> post(
      const std::string& target, std::chrono::milliseconds timeout = usual_timeout) const;

 private:
  [[nodiscard]] tl::expected<std::string, ControlFailure> exchange(
      const std::string& target, bool is_post, std::chrono::milliseconds timeout) const;

  std::filesystem::path storage_;
};

/// The text as a value in the query of a target: percent-encoded (RFC 3986, section 2.1).
[[nodiscard]] std::string query_value(std::string_view text);

}  // namespace darkroom::nodes
