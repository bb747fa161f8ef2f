#include "http/process_metrics.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

#include <sys/resource.h>
#include <unistd.h>

#include "http/metric_families.hpp"

namespace darkroom::http {
namespace {

/// Of /proc/self/stat, see proc(5).
struct ProcessStat {
  std::uint64_t user_ticks = 0;
  std::uint64_t system_ticks = 0;
  std::uint64_t threads = 0;
  std::uint64_t start_ticks = 0;  ///< After the machine was started.
  std::uint64_t virtual_bytes = 0;
  std::uint64_t resident_pages = 0;
};

std::optional<ProcessStat> read_stat() {
  std::ifstream file{"/proc/self/stat"};
  std::string line;
  std::getline(file, line);
  // The name in parentheses may have spaces.
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields{line.substr(name_end + 1)};
  std::string skipped;
  const auto skip = [&](int count) {
    for (int i = 0; i < count; ++i)
      fields >> skipped;
  };
  ProcessStat stat;
  skip(11);  // From the state (3) to cmajflt (13).
  fields >> stat.user_ticks >> stat.system_ticks;
  skip(4);  // cutime to nice.
  fields >> stat.threads;
  skip(1);  // itrealvalue
  fields >> stat.start_ticks >> stat.virtual_bytes >> stat.resident_pages;
  return fields ? std::optional{stat} : std::nullopt;
}

/// When the machine was started, in seconds since 1970.
std::optional<std::uint64_t> boot_time() {
  std::ifstream file{"/proc/stat"};
  std::string name;
  while (file >> name) {
    std::uint64_t value = 0;
    if (name == "btime" && file >> value) return value;
    std::getline(file, name);
  }
  return std::nullopt;
}

std::optional<std::size_t> open_descriptors() {
  std::error_code error;
  std::filesystem::directory_iterator entry{"/proc/self/fd", error};
  if (error) return std::nullopt;
  std::size_t count = 0;
  for (; !error && entry != std::filesystem::directory_iterator{}; entry.increment(error))
    ++count;
  // The one that the folder is read by is none of them.
  return count > 0 ? count - 1 : 0;
}

void add_descriptors(MetricFamilies& families) {
  if (const auto open = open_descriptors()) {
    families.gauge("process_open_fds", "Open file descriptors.").add_number(*open);
  }
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    families.gauge("process_max_fds", "Most file descriptors that may be open.")
        .add_number(limit.rlim_cur);
  }
}

}  // namespace

void add_process_metrics(MetricFamilies& families) {
  add_descriptors(families);
  const auto stat = read_stat();
  if (!stat) return;
  const auto ticks_a_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const auto page_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  families.counter("process_cpu_seconds_total", "CPU time, of the user and the system.")
      .add(static_cast<double>(stat->user_ticks + stat->system_ticks) / ticks_a_second);
  families.gauge("process_resident_memory_bytes", "Memory that is in RAM.")
      .add_number(stat->resident_pages * page_bytes);
  families.gauge("process_virtual_memory_bytes", "Memory that has addresses.")
      .add_number(stat->virtual_bytes);
  families.gauge("process_threads", "Threads.").add_number(stat->threads);
  if (const auto booted = boot_time()) {
    families.gauge("process_start_time_seconds", "When it was started, since 1970.")
        .add(static_cast<double>(*booted) +
             static_cast<double>(stat->start_ticks) / ticks_a_second);
  }
}

}  // namespace darkroom::http
