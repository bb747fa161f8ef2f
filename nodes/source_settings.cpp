#include "nodes/source_settings.hpp"

namespace darkroom::nodes {

using namespace std::chrono_literals;

std::vector<Setting> source_settings() {
  using actors::SourceOptions;
  constexpr auto source = &Config::source;
  constexpr std::uint64_t most_redirects = 20;
  constexpr std::uint64_t most_at_once = 256;
  return {
      setting<source, &SourceOptions::enabled>("source", "enabled", flag(),
                                               "Take source_url, and fetch pictures from there"),
      setting<source, &SourceOptions::allow>("source", "allow", list(),
                                             "Addresses to ask beside public ones"),
      setting<source, &SourceOptions::deny>("source", "deny", list(),
                                            "Addresses never asked, of those too"),
      setting<source, &SourceOptions::timeout>("source", "timeout", duration(100ms, 1h),
                                               "Longest time for one picture"),
      setting<source, &SourceOptions::max_redirects>(
          "source", "max_redirects", whole(0, most_redirects), "Redirects followed for one"),
      setting<source, &SourceOptions::at_once>("source", "at_once", whole(1, most_at_once),
                                               "Fetched at once by a worker process"),
  };
}

}  // namespace darkroom::nodes
