#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "jobs/job_id.hpp"
#include "nodes/early_exit.hpp"
#include "nodes/effective_config.hpp"
#include "nodes/environment.hpp"
#include "persistence/api_keys.hpp"

namespace darkroom::nodes {

/// `darkroom serve`
struct ServeCommand {
  Config config;
};

/// `darkroom coordinator`
struct CoordinatorCommand {
  Config config;
};

/// Where a coordinator takes nodes unless it is told otherwise.
inline constexpr std::uint16_t default_join_port = 7420;

struct HostAndPort {
  std::string host;  ///< Without the brackets of an IPv6 address.
  std::uint16_t port = 0;
};

/// `darkroom ingest`
struct IngestCommand {
  Config config;
  HostAndPort join;
  std::string name;  ///< Empty: none was given.
};

struct SlotRange {
  std::uint32_t min = 1;
  std::uint32_t max = 1;
};

/// `darkroom worker`
struct WorkerCommand {
  Config config;
  HostAndPort join;
  std::string name;  ///< Empty: none was given.
  SlotRange slots;   ///< As many processes; scaled by the load where these differ.
  std::vector<std::string> queues = {};  ///< Whose jobs it takes; empty: all.
};

/// One process of a worker node, or of `serve`; started by them alone.
struct WorkerChildCommand {
  Config config;
  HostAndPort join;  ///< On loopback: the registry itself, or the node's connector.
  std::string name;
  int parent = 0;    ///< The process to die with.
  std::string node;  ///< Empty: the service itself.
  std::vector<std::string> queues = {};
  /// On loopback, where files are fetched and put; none: they are in `config.storage_path`.
  std::optional<std::uint16_t> data_port = {};
};

/// `darkroom process`
struct ProcessCommand {
  Config config;
  std::vector<std::filesystem::path> images;
  std::filesystem::path output;  ///< Folder, made where it is missing.
  jobs::Preset preset;  ///< Without a name where the command line says the renditions itself.
  bool overwrite = false;
};

enum class ConfigOutput : std::uint8_t {
  toml,  ///< A file that can be used as config.toml.
  text,  ///< A setting a line: name, value, origin.
};

/// `darkroom config`
struct ConfigCommand {
  EffectiveConfig effective;
  ConfigOutput output = ConfigOutput::toml;
};

enum class StoreAction : std::uint8_t { backup, restore, inspect, stats, verify };

/// `darkroom store`
struct StoreCommand {
  Config config;
  StoreAction action = StoreAction::stats;
  std::filesystem::path folder;   ///< Of backup and restore.
  std::optional<jobs::JobId> id;  ///< Of inspect; none: the whole store.
  bool json = false;              ///< Of stats and verify.
};

enum class JobsAction : std::uint8_t { retry, cancel };

/// `darkroom jobs`
struct JobsCommand {
  Config config;
  JobsAction action = JobsAction::retry;
  std::optional<jobs::JobId> id = std::nullopt;  ///< None: all that have failed; of retry alone.
};

/// `darkroom janitor run`
struct JanitorCommand {
  Config config;
};

/// Of queues and workers; `stop` is to pause the one, and to drain the other.
enum class ClusterAction : std::uint8_t { list, stop, resume };

/// `darkroom queues`
struct QueuesCommand {
  Config config;
  ClusterAction action = ClusterAction::list;
  std::string name;  ///< Of the queue; empty for list.
  bool json = false;
};

/// `darkroom workers`
struct WorkersCommand {
  Config config;
  ClusterAction action = ClusterAction::list;
  std::string name;  ///< Of the worker or the node; empty for list.
  bool json = false;
};

enum class KeysAction : std::uint8_t { create, list, revoke };

/// `darkroom keys`
struct KeysCommand {
  Config config;
  KeysAction action = KeysAction::list;
  std::string name = {};  ///< This and the next two: of create.
  persistence::KeyScope scope = persistence::KeyScope::read;
  std::string tenant = {};  ///< Empty: one of its own.
  std::string id = {};      ///< Of revoke.
  bool json = false;
};

enum class CertsAction : std::uint8_t { init, issue, revoke, list };

/// `darkroom certs`
struct CertsCommand {
  CertsAction action = CertsAction::list;
  std::filesystem::path directory;
  std::string name;         ///< Of issue and revoke.
  std::optional<int> days;  ///< Of init and issue; none: the default.
};

/// `darkroom webhook secret`
struct WebhookCommand {};

using Command =
    std::variant<ServeCommand, CoordinatorCommand, IngestCommand, WorkerCommand, WorkerChildCommand,
                 ProcessCommand, ConfigCommand, StoreCommand, JobsCommand, JanitorCommand,
                 QueuesCommand, WorkersCommand, KeysCommand, CertsCommand, WebhookCommand>;

/// What the command line asks for, with the settings in force. `args` begins with the program's own
/// name. Reads the configuration file, whose name may be relative to `directory`, and nothing else.
[[nodiscard]] tl::expected<Command, EarlyExit> parse_command_line(
    std::span<const char* const> args, const Environment& environment,
    const std::filesystem::path& directory = ".");

/// All settings as flags: "--http-port=8000". A process started with them and --config=none has
/// every setting as it is in `config`, whatever its environment says. Presets and secrets are left
/// out.
[[nodiscard]] std::vector<std::string> to_arguments(const Config& config);

}  // namespace darkroom::nodes
