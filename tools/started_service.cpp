#include "tools/started_service.hpp"

#include <chrono>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include <rapidjson/document.h>

#include "tools/http_client.hpp"
#include "tools/machine_load.hpp"

namespace darkroom::tools {
namespace {

using Clock = std::chrono::steady_clock;
using Failure = tl::unexpected<std::string>;

constexpr std::chrono::milliseconds look{20};
constexpr std::chrono::seconds patience{30};

/// Where the log says that the service listens; none while that line is not whole.
std::optional<std::string> announced_url(const std::string& log) {
  constexpr std::string_view words = "listening on ";
  const auto found = log.find(words);
  if (found == std::string::npos) return std::nullopt;
  const auto begin = found + words.size();
  const auto end = log.find('\n', begin);
  if (end == std::string::npos) return std::nullopt;
  // What else stands in the line comes behind a blank.
  return log.substr(begin, std::min(end, log.find(' ', begin)) - begin);
}

}  // namespace

tl::expected<StartedService, std::string> StartedService::start(
    const std::filesystem::path& program, const std::filesystem::path& folder,
    std::uint32_t workers) {
  const auto wanted = workers == 0 ? usable_cores() : workers;
  auto child = ChildProgram::start({program.string(), "serve", "--config=none", "--http-port=0",
                                    "--storage-path=" + (folder / "data").string(),
                                    "--worker-processes=" + std::to_string(wanted)},
                                   folder / "log");
  if (!child) return Failure(child.error());
  auto& service = **child;
  const auto end = Clock::now() + patience;
  std::optional<std::string> url;
  while (Clock::now() < end && service.is_running()) {
    if (!url) url = announced_url(service.printed());
    if (url && service_slots(*url) == wanted) {
      return StartedService{std::move(*child), std::move(*url)};
    }
    std::this_thread::sleep_for(look);
  }
  return Failure("the service that was started is not ready; it says:\n" + service.printed());
}

std::filesystem::path service_program(const std::filesystem::path& path) {
  return path.empty() ? program_beside("darkroom") : path;
}

tl::expected<std::size_t, std::string> service_slots(const std::string& url) {
  const auto answer = HttpClient{url}.get("/readyz");
  if (!answer) return Failure(answer.error());
  rapidjson::Document json;
  json.Parse(answer->body.data(), answer->body.size());
  const bool is_object = !json.HasParseError() && json.IsObject();
  if (!is_object || !json.HasMember("slots") || !json["slots"].IsUint64()) {
    return Failure(url + "/readyz is not answered as by Darkroom");
  }
  constexpr long ok = 200;
  if (answer->status != ok) {
    const bool says_why = json.HasMember("detail") && json["detail"].IsString();
    return Failure(url + " is not ready: " + (says_why ? json["detail"].GetString() : "no reason"));
  }
  return json["slots"].GetUint64();
}

}  // namespace darkroom::tools
