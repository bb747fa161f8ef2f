#include "tools/rival.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <rapidjson/document.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace darkroom::tools {
namespace {

class Pipe {
 public:
  Pipe() { opened_ = ::pipe2(ends_.data(), O_CLOEXEC) == 0; }
  ~Pipe() {
    close(0);
    close(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] bool is_open() const { return opened_; }
  [[nodiscard]] int end(std::size_t which) const { return ends_.at(which); }
  void close(std::size_t which) {
    if (ends_.at(which) >= 0) ::close(std::exchange(ends_.at(which), -1));
  }

 private:
  std::array<int, 2> ends_{-1, -1};
  bool opened_ = false;
};

tl::expected<pid_t, std::string> start(std::vector<std::string> arguments, int output) {
  std::vector<char*> argv;
  for (auto& argument : arguments)
    argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return tl::unexpected(arguments[0] + ": " + std::strerror(failed));
  return pid;
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

bool succeeded(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

tl::expected<RivalTimes, std::string> parse(const std::string& text) {
  rapidjson::Document json;
  json.Parse(text.c_str(), text.size());
  const bool whole = !json.HasParseError() && json.IsObject() && json.HasMember("version") &&
                     json["version"].IsString() && json.HasMember("cpu_ms") &&
                     json["cpu_ms"].IsArray();
  if (!whole) return tl::unexpected("prints something else than its times: " + text);
  RivalTimes times{.version = json["version"].GetString(), .milliseconds = {}};
  for (const auto& time : json["cpu_ms"].GetArray()) {
    if (!time.IsNumber()) return tl::unexpected("prints a time that is no number: " + text);
    times.milliseconds.push_back(time.GetDouble());
  }
  return times;
}

}  // namespace

tl::expected<Rival, std::string> find_rival(const std::string& name, const std::string& programs) {
  if (name == "pillow") {
    return Rival{.name = name, .command = {"/usr/bin/python3", programs + "/pillow_job.py"}};
  }
  if (name == "sharp") return Rival{.name = name, .command = {"node", programs + "/sharp_job.mjs"}};
  return tl::unexpected("there is no rival \"" + name + "\"; there are pillow and sharp");
}

tl::expected<RivalTimes, std::string> run_rival(const Rival& rival, const std::string& image,
                                                std::size_t runs) {
  Pipe output;
  if (!output.is_open()) return tl::unexpected(rival.name + ": " + std::strerror(errno));
  auto arguments = rival.command;
  arguments.push_back(image);
  arguments.push_back(std::to_string(runs));
  const auto pid = start(std::move(arguments), output.end(1));
  if (!pid) return tl::unexpected(rival.name + ": " + pid.error());
  output.close(1);
  const std::string text = read_all(output.end(0));
  if (!succeeded(*pid)) return tl::unexpected(rival.name + ": its program failed on " + image);
  return parse(text).map_error([&](const std::string& why) { return rival.name + " " + why; });
}

}  // namespace darkroom::tools
