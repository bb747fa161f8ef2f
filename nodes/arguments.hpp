#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "nodes/early_exit.hpp"

namespace darkroom::nodes {

/// What the command line says, as text: nothing but its form has been checked.
struct Arguments {
  std::string command;  ///< "serve", "worker", "store" and so on.
  std::optional<std::string> config_file;
  std::map<std::string, std::string> flags;  ///< Of settings: "--http-port" -> "8000".
  std::string join;
  std::string node_name;
  std::string slots;
  std::string autoscale;
  std::string queues;
  int parent = 0;  ///< This and the next two: see WorkerChildCommand.
  std::string node;
  std::string data_port;
  std::vector<std::string> images;
  std::string output;
  std::optional<std::string> preset;
  std::optional<std::string> renditions;  ///< JSON
  bool overwrite = false;
  std::string config_output = "toml";
  std::vector<std::string> words;  ///< Of a command with actions: the action, then what it is on.
  bool json = false;
  bool all_failed = false;              ///< Of `jobs retry`.
  std::optional<std::string> key_name;  ///< This and the next two: of `keys create`.
  std::optional<std::string> key_scope;
  std::optional<std::string> key_tenant;
  std::string directory = "certs";  ///< Of `certs`.
  std::optional<std::string> days;  ///< Of `certs init` and `certs issue`.
  /// A line for each argument that the command does not know.
  std::vector<std::string> unknown;
};

/// Reads the command line; `args` begins with the program's own name. Ends early for help and
/// version, without a command, and for a flag without its value.
[[nodiscard]] tl::expected<Arguments, EarlyExit> read_arguments(std::span<const char* const> args);

}  // namespace darkroom::nodes
