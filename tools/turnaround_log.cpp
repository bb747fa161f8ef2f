#include "tools/turnaround_log.hpp"

#include <fstream>
#include <type_traits>

namespace darkroom::tools {
namespace {

template <class Items>
void put(std::ostream& out, const Items& items) {
  using Item = typename Items::value_type;
  static_assert(std::is_trivially_copyable_v<Item>);
  const std::uint64_t count = items.size();
  out.write(reinterpret_cast<const char*>(&count), sizeof count);
  out.write(reinterpret_cast<const char*>(items.data()),
            static_cast<std::streamsize>(count * sizeof(Item)));
}

template <class Items>
void take(std::istream& in, Items& items) {
  std::uint64_t count = 0;
  in.read(reinterpret_cast<char*>(&count), sizeof count);
  if (!in) return;
  items.resize(count);
  in.read(reinterpret_cast<char*>(items.data()),
          static_cast<std::streamsize>(count * sizeof(typename Items::value_type)));
}

}  // namespace

tl::expected<void, std::string> write_log(const std::filesystem::path& path,
                                          const TurnaroundLog& log) {
  std::ofstream out(path, std::ios::binary);
  put(out, log.turnarounds);
  put(out, log.heartbeats);
  put(out, log.failure);
  out.write(reinterpret_cast<const char*>(&log.lost_leases), sizeof log.lost_leases);
  out.close();
  if (!out) return tl::unexpected("cannot write " + path.string());
  return {};
}

tl::expected<TurnaroundLog, std::string> read_log(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  TurnaroundLog log;
  take(in, log.turnarounds);
  take(in, log.heartbeats);
  take(in, log.failure);
  in.read(reinterpret_cast<char*>(&log.lost_leases), sizeof log.lost_leases);
  if (!in) return tl::unexpected(path.string() + " is not there, or not whole");
  return log;
}

}  // namespace darkroom::tools
