#include "actors/options.hpp"

namespace darkroom::actors {

std::string_view to_string(EmailOn on) {
  switch (on) {
    case EmailOn::all:
      return "all";
    case EmailOn::completed:
      return "completed";
    case EmailOn::failed:
      return "failed";
  }
  return "unknown";
}

}  // namespace darkroom::actors
