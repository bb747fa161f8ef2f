#include "tools/process_memory.hpp"

#include <fstream>

#include <unistd.h>

namespace darkroom::tools {

std::uint64_t resident_memory() {
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;  // in pages
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace darkroom::tools
