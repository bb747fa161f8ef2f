#pragma once

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include <tl/expected.hpp>

#include "http/listener.hpp"
#include "persistence/file_descriptor.hpp"

namespace darkroom::http {

/// The name of a Unix domain socket's file, short enough for the system calls: they take 107 bytes,
/// so a file that lies deeper is named by way of its open folder.
class LocalSocketName {
 public:
  /// The error is why the folder cannot be opened.
  [[nodiscard]] static tl::expected<LocalSocketName, std::error_code> of(
      const std::filesystem::path& file);

  /// Good as long as this object lives.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  LocalSocketName(std::string text, persistence::FileDescriptor folder)
      : text_(std::move(text)), folder_(std::move(folder)) {}

  std::string text_;
  persistence::FileDescriptor folder_;
};

/// The file of a Unix domain socket that this process listens on; removed with this object.
class LocalSocketFile {
 public:
  explicit LocalSocketFile(std::filesystem::path path) : path_(std::move(path)) {}
  LocalSocketFile(LocalSocketFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  LocalSocketFile& operator=(LocalSocketFile&&) = delete;
  LocalSocketFile(const LocalSocketFile&) = delete;
  LocalSocketFile& operator=(const LocalSocketFile&) = delete;
  ~LocalSocketFile();

 private:
  std::filesystem::path path_;
};

struct LocalListener {
  Listener listener;
  LocalSocketFile file;
};

/// Listens on a Unix domain socket that only this user can connect to (mode 0600). Takes the place
/// of a socket that is there, so the caller must know that no other process serves it. The error
/// says why it cannot be had.
[[nodiscard]] tl::expected<LocalListener, std::string> listen_locally(
    const std::filesystem::path& file);

}  // namespace darkroom::http
