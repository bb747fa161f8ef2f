#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "http/problem.hpp"
#include "http/rendition_choice.hpp"
#include "http/server.hpp"

namespace darkroom::http {

/// What an upload asks for besides its file: the parameters of its query and the fields of its
/// form. Each may be said in both, once or several times, as long as it is the same.
class UploadParameters {
 public:
  explicit UploadParameters(const Services& services) : services_(services), choice_(services) {}

  /// Of the parameters below. Others are ignored.
  [[nodiscard]] static bool knows(std::string_view name);

  /// All of them.
  [[nodiscard]] static std::vector<std::string> all_names();

  /// How long the value of a field of this name may be.
  [[nodiscard]] static std::size_t most_bytes(std::string_view name);

  /// Takes a parameter that knows() says yes to: `preset`, `renditions`, `queue`, `priority`,
  /// `expires_in`, `reuse`, `metadata`, `not_before` or `callback_url`.
  [[nodiscard]] tl::expected<void, Problem> take(std::string_view name, std::string_view value);

  [[nodiscard]] const RenditionChoice& choice() const { return choice_; }

  /// See RenditionChoice.
  void may_be_a_repetition() { choice_.may_be_a_repetition(); }

  [[nodiscard]] std::string queue() const;

  /// As the upload says it; none where it says nothing.
  [[nodiscard]] std::optional<jobs::Priority> asked_priority() const { return priority_; }

  /// Otherwise as its queue has it.
  [[nodiscard]] jobs::Priority priority() const;

  /// None: as the service is configured.
  [[nodiscard]] std::optional<std::chrono::milliseconds> expires_in() const { return expires_in_; }

  /// The client's own JSON object, compact; none where it gives none.
  [[nodiscard]] const std::optional<std::string>& metadata() const { return metadata_; }

  /// None: at once.
  [[nodiscard]] std::optional<jobs::Timestamp> not_before() const { return not_before_; }

  /// None: as the service is configured.
  [[nodiscard]] const std::optional<std::string>& callback_url() const { return callback_url_; }

  /// As the upload says it; none where it says nothing.
  [[nodiscard]] std::optional<bool> asked_reuse() const { return reuse_; }

  /// Whether results may be taken from, and given to, other uploads of the same file.
  [[nodiscard]] bool reuse() const { return reuse_.value_or(services_.reuse_results); }

 private:
  [[nodiscard]] tl::expected<void, Problem> take_queue(std::string_view value);
  [[nodiscard]] tl::expected<void, Problem> take_priority(std::string_view value);
  [[nodiscard]] tl::expected<void, Problem> take_expires_in(std::string_view value);
  [[nodiscard]] tl::expected<void, Problem> take_reuse(std::string_view value);
  [[nodiscard]] tl::expected<void, Problem> take_metadata(std::string_view value);
  [[nodiscard]] tl::expected<void, Problem> take_not_before(std::string_view value);
  [[nodiscard]] tl::expected<void, Problem> take_callback_url(std::string_view value);

  const Services& services_;
  RenditionChoice choice_;
  std::optional<QueueChoice> queue_;
  std::optional<jobs::Priority> priority_;
  std::optional<std::chrono::milliseconds> expires_in_;
  std::optional<bool> reuse_;
  std::optional<std::string> metadata_;
  std::optional<jobs::Timestamp> not_before_;
  std::optional<std::string> callback_url_;
};

}  // namespace darkroom::http
