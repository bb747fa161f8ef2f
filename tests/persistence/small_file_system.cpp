#include "tests/persistence/small_file_system.hpp"

#include <fstream>
#include <vector>

#include <sys/mount.h>

namespace darkroom::persistence {

std::unique_ptr<SmallFileSystem> SmallFileSystem::mount(std::size_t bytes) {
  auto system = std::make_unique<SmallFileSystem>();
  const auto options = "size=" + std::to_string(bytes);
  const auto mounted = ::mount("none", system->path().c_str(), "tmpfs", 0, options.c_str());
  return mounted == 0 ? std::move(system) : nullptr;
}

SmallFileSystem::~SmallFileSystem() {
  // Detached, so that a file somebody still has open cannot keep it; fails where mount() failed.
  ::umount2(path().c_str(), MNT_DETACH);
}

void SmallFileSystem::fill() const {
  const std::vector<char> page(4096);
  std::ofstream ballast{path() / "ballast", std::ios::binary};
  while (ballast.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) {
  }
}

void SmallFileSystem::give_back() const {
  std::filesystem::remove(path() / "ballast");
}

}  // namespace darkroom::persistence
