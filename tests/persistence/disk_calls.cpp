#include "tests/persistence/disk_calls.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <mutex>
#include <optional>

#include <dlfcn.h>
#include <unistd.h>

namespace darkroom::persistence::disk_calls {
namespace {

struct Failure {
  std::string name;
  std::string part_of_path;
  int error_number = 0;
};

struct Recorder {
  std::mutex mutex;
  std::vector<Call> calls;
  std::optional<Failure> failure;
};

Recorder& recorder() {
  static Recorder the_recorder;
  return the_recorder;
}

std::filesystem::path path_of(int file) {
  std::array<char, 4096> target{};
  const auto link = "/proc/self/fd/" + std::to_string(file);
  const auto size = ::readlink(link.c_str(), target.data(), target.size());
  return size < 0 ? std::string{} : std::string(target.data(), static_cast<std::size_t>(size));
}

/// The C library's own; `ours` only gives the type.
template <class Function>
Function* original(const char* name, Function* /*ours*/) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

/// Notes the call; the errno it is to fail with, or 0.
int note(const char* name, const std::filesystem::path& path, bool keep = true) {
  auto& state = recorder();
  const std::scoped_lock lock{state.mutex};
  if (keep) state.calls.push_back({name, path});
  const auto& failure = state.failure;
  const bool fails = failure && failure->name == name &&
                     path.string().find(failure->part_of_path) != std::string::npos;
  return fails ? failure->error_number : 0;
}

int failed(int error_number) {
  errno = error_number;
  return -1;
}

}  // namespace

void reset() {
  auto& state = recorder();
  const std::scoped_lock lock{state.mutex};
  state.calls.clear();
  state.failure.reset();
}

std::vector<Call> recorded(const std::filesystem::path& folder) {
  auto& state = recorder();
  const std::scoped_lock lock{state.mutex};
  std::vector<Call> found;
  for (const auto& call : state.calls) {
    if (call.path.string().starts_with(folder.string())) found.push_back(call);
  }
  return found;
}

void fail(std::string_view name, std::string_view part_of_path, int error_number) {
  auto& state = recorder();
  const std::scoped_lock lock{state.mutex};
  state.failure = Failure{std::string{name}, std::string{part_of_path}, error_number};
}

}  // namespace darkroom::persistence::disk_calls

namespace calls = darkroom::persistence::disk_calls;

extern "C" {

int fsync(int file) {
  if (const int error = calls::note("fsync", calls::path_of(file))) return calls::failed(error);
  return calls::original("fsync", &fsync)(file);
}

int fdatasync(int file) {
  if (const int error = calls::note("fdatasync", calls::path_of(file))) return calls::failed(error);
  return calls::original("fdatasync", &fdatasync)(file);
}

int rename(const char* from, const char* to) noexcept {
  if (const int error = calls::note("rename", to)) return calls::failed(error);
  return calls::original("rename", &rename)(from, to);
}

ssize_t write(int file, const void* bytes, size_t size) {
  const int error = calls::note("write", calls::path_of(file), false);
  if (error != 0) return calls::failed(error);
  return calls::original("write", &write)(file, bytes, size);
}
}
