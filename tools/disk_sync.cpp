#include "tools/disk_sync.hpp"

#include <cerrno>
#include <chrono>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace darkroom::tools {
namespace {

constexpr int rounds = 200;

tl::unexpected<std::string> failure(const std::filesystem::path& path) {
  return tl::unexpected("cannot write " + path.string() + ": " +
                        std::generic_category().message(errno));
}

tl::expected<Latencies, std::string> write_and_sync(int file, const std::filesystem::path& path,
                                                    const std::vector<char>& block) {
  Latencies syncs;
  for (int round = 0; round < rounds; ++round) {
    if (::write(file, block.data(), block.size()) != static_cast<ssize_t>(block.size())) {
      return failure(path);
    }
    const auto start = std::chrono::steady_clock::now();
    if (::fdatasync(file) != 0) return failure(path);
    syncs.add(std::chrono::steady_clock::now() - start);
  }
  return syncs;
}

}  // namespace

tl::expected<Latencies::Summary, std::string> measure_sync(const std::filesystem::path& directory,
                                                           std::size_t bytes) {
  const auto path = directory / "sync";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return failure(path);
  const auto syncs = write_and_sync(file, path, std::vector<char>(bytes, 'x'));
  ::close(file);
  ::unlink(path.c_str());
  if (!syncs) return tl::unexpected(syncs.error());
  return syncs->summary();
}

}  // namespace darkroom::tools
