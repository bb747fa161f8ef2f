#include "tools/bench_command_line.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <sstream>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nodes/nearest_name.hpp"

namespace darkroom::tools {
namespace {

/// All options, of which those of one command are asked for.
struct Options {
  PixelsOptions pixels;
  std::string backend = "fast";
  std::vector<std::string> rivals;
  MemoryOptions memory;
  QueueOptions queue;
  StoreOptions store;
  SystemOptions system;
  std::string download = "sample";
  ScaleOptions scale;
  AcceptOptions accept;
  CoordinatorOptions coordinator;
  StubNodeProcessOptions stub_nodes;
  PixelsLoadOptions pixels_load;
  bool json = false;
};

CLI::App& add_command(CLI::App& program, const std::string& name, const std::string& description) {
  CLI::App& command = *program.add_subcommand(name, description);
  command.allow_extras();
  command.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  return command;
}

CLI::App& add_reporting_command(CLI::App& program, Options& options, const std::string& name,
                                const std::string& description) {
  CLI::App& command = add_command(program, name, description);
  command.add_flag("--json", options.json, "Print JSON instead of a table");
  return command;
}

template <class Number>
void add_number(CLI::App& command, const std::string& flag, Number& value, const std::string& help,
                double least, double most) {
  command.add_option(flag, value, help)->capture_default_str()->check(CLI::Range(least, most));
}

void add_directory(CLI::App& command, std::filesystem::path& directory) {
  command
      .add_option("--dir", directory,
                  "Folder on the disk to measure; a scratch folder is made in it and removed "
                  "(default: the current one)")
      ->check(CLI::ExistingDirectory);
}

void add_photos(CLI::App& command, std::vector<std::string>& photos) {
  command
      .add_option("--photo", photos,
                  "Photographs to upload, in turns (default: a synthetic one of 2725x2225)")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->check(CLI::ExistingFile);
}

void add_program(CLI::App& command, std::filesystem::path& program) {
  command
      .add_option("--program", program,
                  "Another build of darkroom to start (default: the one beside this)")
      ->check(CLI::ExistingFile);
}

void add_pixels(CLI::App& program, Options& options) {
  CLI::App& command = add_reporting_command(
      program, options, "pixels",
      "CPU time of one job of the default preset (resized 1024x1024, compressed, thumbnail "
      "300x300), step by step. All threads count; storage and network take no part.");
  command
      .add_option("IMAGE", options.pixels.images,
                  "Pictures to measure; without one, a synthetic photograph of 2725x2225, as JPEG, "
                  "PNG and WebP")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->check(CLI::ExistingFile);
  add_number(command, "--runs", options.pixels.runs,
             "Measured runs; one more comes before each five", 1, 100'000);
  command.add_option("--backend", options.backend, "Whose codecs: fast or stb")
      ->capture_default_str()
      ->check(CLI::IsMember({"fast", "stb"}));
  command
      .add_option("--against", options.rivals,
                  "Measure these too, in turns: pillow, sharp, or both")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->delimiter(',');
}

void add_memory(CLI::App& program, Options& options) {
  CLI::App& command = add_reporting_command(
      program, options, "memory",
      "Resident memory over many jobs of mixed sizes and formats, run as a worker runs them.");
  add_number(command, "--jobs", options.memory.jobs, "Jobs to run", 1, 100'000'000);
  add_number(command, "--slots", options.memory.slots, "Jobs at once", 1, 1'024);
  add_number(command, "--budget", options.memory.budget, "MiB that the jobs share", 1, 1'000'000);
}

void add_queue(CLI::App& program, Options& options) {
  auto& queue = options.queue;
  CLI::App& command = add_reporting_command(
      program, options, "queue",
      "Durable jobs a second through the job registry and its store, from create through lease to "
      "complete; clients and workers are stubs. Then the latency of create at half that rate.");
  add_number(command, "--jobs", queue.jobs, "Jobs in each of the two phases", 1, 100'000'000);
  add_number(command, "--outstanding", queue.outstanding,
             "Creates that wait for their answer at once", 1, 100'000);
  add_number(command, "--workers", queue.workers, "Stub workers", 1, 1'000);
  add_number(command, "--slots", queue.slots, "Slots of each", 1, 10'000);
  add_directory(command, queue.directory);
}

void add_store(CLI::App& program, Options& options) {
  auto& store = options.store;
  CLI::App& command = add_reporting_command(
      program, options, "store",
      "What the job store takes to open, create, get and list as the number of finished jobs in it "
      "grows.");
  command.add_option("--finished", store.finished, "Numbers of finished jobs, least first")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->delimiter(',')
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000'000));
  add_number(command, "--unfinished", store.unfinished, "Unfinished jobs beside them", 0,
             1'000'000);
  add_number(command, "--samples", store.samples, "How often each operation is measured", 10,
             1'000'000);
  add_directory(command, store.directory);
}

void add_system(CLI::App& program, Options& options) {
  auto& system = options.system;
  CLI::App& command = add_reporting_command(
      program, options, "system",
      "A whole service, driven by its HTTP API: uploads photographs, waits for their jobs, "
      "downloads renditions and checks them. First as fast as it goes, then at half that rate. "
      "Without --url it starts darkroom serve of this build in a scratch folder.");
  command.add_option("--url", system.url, "The running service, such as http://127.0.0.1:8000")
      ->type_name("URL");
  command
      .add_option("--pid", system.pid,
                  "Its process on this machine, to see what it and its children take")
      ->check(CLI::PositiveNumber);
  add_photos(command, system.photos);
  add_number(command, "--jobs", system.jobs, "Jobs in each turn, and in the slow phase", 1,
             1'000'000);
  add_number(command, "--uploaders", system.uploaders, "Connections that upload", 1, 1'000);
  command
      .add_option("--download", options.download,
                  "Which renditions to check: none, sample (of one job in ten) or all")
      ->capture_default_str()
      ->check(CLI::IsMember({"none", "sample", "all"}));
  command.add_flag("--compare-pixels", system.compare_pixels,
                   "Also run the imaging code alone on as many processes, in turns with the "
                   "service");
  add_number(command, "--turns", system.turns, "Turns of the fast phase; the median counts", 1,
             100);
  add_number(command, "--workers", system.workers,
             "Worker processes of the service that is started; 0: one per core", 0, 1'024);
  add_program(command, system.program);
  add_directory(command, system.directory);
}

void add_scale(CLI::App& program, Options& options) {
  auto& scale = options.scale;
  CLI::App& command = add_reporting_command(
      program, options, "scale",
      "How much faster a full queue is worked off by several worker processes than by one, in "
      "turns with the imaging code alone.");
  add_photos(command, scale.photos);
  add_number(command, "--jobs", scale.jobs, "Jobs of each run", 30, 100'000);
  add_number(command, "--turns", scale.turns, "Runs of each kind; the median counts", 1, 100);
  add_number(command, "--workers", scale.workers, "Worker processes to compare with one", 2, 256);
  add_program(command, scale.program);
  add_directory(command, scale.directory);
}

void add_coordinator(CLI::App& program, Options& options) {
  auto& coordinator = options.coordinator;
  CLI::App& command = add_reporting_command(
      program, options, "coordinator",
      "Leases a second that the job registry and its store hand out to simulated worker nodes, "
      "each with a connection of its own over CAF's network transport, which do nothing but "
      "report them as completed.");
  add_number(command, "--nodes", coordinator.nodes, "Simulated worker nodes", 1, 10'000);
  add_number(command, "--processes", coordinator.processes, "Processes that they are spread over",
             1, 1'000);
  add_number(command, "--slots", coordinator.slots, "Slots of each node", 1, 1'024);
  add_number(command, "--seconds", coordinator.seconds, "Measured", 1, 86'400);
  add_number(command, "--warm-up", coordinator.warm_up, "Seconds before that", 0, 3'600);
  add_number(command, "--backlog", coordinator.backlog, "Jobs that wait at any time", 1, 1'000'000);
  add_number(command, "--queued", coordinator.queued,
             "Jobs that wait before the nodes start, with none created after; 0: see --backlog", 0,
             10'000'000);
  add_directory(command, coordinator.directory);
}

void add_accept(CLI::App& program, Options& options) {
  auto& accept = options.accept;
  CLI::App& command = add_reporting_command(
      program, options, "accept",
      "How fast uploads are accepted durably, with idle and with busy workers, beside what the "
      "disk (write, fdatasync, rename, fsync of the folder) and the loopback network (a server "
      "that throws all away) of this machine allow. Starts darkroom serve of this build in scratch "
      "folders.");
  command.add_option("--bytes", accept.sizes, "Sizes of the files")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->delimiter(',')
      ->capture_default_str()
      ->check(CLI::Range(SizedPhoto::least_bytes, SizedPhoto::most_bytes));
  command.add_option("--connections", accept.connections, "Clients at once")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->delimiter(',')
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000));
  add_number(command, "--seconds", accept.seconds, "Measured, of each", 1, 3'600);
  add_number(command, "--turns", accept.turns, "Turns of each; the median counts", 1, 100);
  add_number(command, "--slow", accept.slow,
             "Slow clients beside which uploads of the first size are measured as well", 0, 10'000);
  add_number(command, "--workers", accept.workers,
             "Worker processes of the service; 0: one per core", 0, 1'024);
  add_program(command, accept.program);
  add_directory(command, accept.directory);
}

/// Those that others start, which need no help.
void add_parts(CLI::App& program, Options& options) {
  auto& nodes = options.stub_nodes;
  CLI::App& stub_nodes = add_command(program, "stub-nodes", "");
  stub_nodes.group("");
  stub_nodes.add_option("--port", nodes.port)->required();
  stub_nodes.add_option("--first", nodes.first)->required();
  stub_nodes.add_option("--count", nodes.count)->required();
  stub_nodes.add_option("--slots", nodes.slots)->required();
  stub_nodes.add_option("--log", nodes.log)->required();
  auto& load = options.pixels_load;
  CLI::App& pixels_load = add_command(program, "pixels-load", "");
  pixels_load.group("");
  pixels_load.add_option("--photo", load.photos)
      ->required()
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  pixels_load.add_option("--jobs", load.jobs)->required();
  pixels_load.add_option("--start-at", load.start_at_ns)->required();
}

BenchExit refusal(const std::vector<std::string>& problems) {
  BenchExit exit{.code = 2, .out = {}, .err = {}};
  for (const auto& problem : problems)
    exit.err += fmt::format("tools/bench: {}\n", problem);
  return exit;
}

bool is_flag(std::string_view argument) {
  return argument.size() > 1 && argument.starts_with('-');
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const auto& name : option->get_lnames())
      names.push_back("--" + name);
  }
  return names;
}

/// A line for each argument that is not known.
std::vector<std::string> unknown_arguments(const CLI::App& program, const CLI::App& command) {
  auto extras = command.remaining();
  std::ranges::copy(program.remaining(), std::back_inserter(extras));
  std::vector<std::string> lines;
  for (const auto& extra : extras) {
    if (!is_flag(extra) || extra == "--") continue;
    const auto flag = extra.substr(0, extra.find('='));
    lines.push_back(fmt::format("{}: tools/bench {} has no such flag{}", flag, command.get_name(),
                                nodes::suggestion(flag, flags_of(command))));
  }
  // Behind an unknown flag stands its value, which is then no mistake of its own.
  if (!lines.empty() || extras.empty()) return lines;
  return {fmt::format("{}: tools/bench {} does not take this; see tools/bench {} --help",
                      extras.front(), command.get_name(), command.get_name())};
}

BenchExit no_command(const CLI::App& program, std::span<const char* const> arguments) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands({})) {
    if (!command->get_group().empty()) names.push_back(command->get_name());
  }
  const auto list = fmt::format("the benchmarks are {}", fmt::join(names, ", "));
  const std::string first = arguments.size() > 1 ? arguments[1] : "";
  if (first.empty()) return refusal({"name a benchmark; " + list});
  if (is_flag(first)) return refusal({first + ": must stand behind a benchmark; " + list});
  const auto near = nodes::suggestion(first, names);
  return refusal(
      {fmt::format("{}: there is no such benchmark{}", first, near.empty() ? "; " + list : near)});
}

BenchExit exit_for(const CLI::App& program, const CLI::Error& error) {
  std::ostringstream out;
  std::ostringstream err;
  if (program.exit(error, out, err) == 0) return {.code = 0, .out = out.str(), .err = {}};
  const std::string message = error.what();
  // CLI11 says "--jobs: 1 required UINT missing".
  const bool lacks_value = dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr;
  if (lacks_value) return refusal({message.substr(0, message.find(':')) + ": needs a value"});
  return refusal({message});
}

std::vector<std::string> contradictions(const SystemOptions& system) {
  std::vector<std::string> problems;
  if (!system.url.empty() && !system.url.starts_with("http://") &&
      !system.url.starts_with("https://")) {
    problems.push_back(
        fmt::format("--url: must begin with http:// or https://, not \"{}\"", system.url));
  }
  if (system.url.empty() && system.pid != 0) {
    problems.emplace_back("--pid: is for a service that runs already; name it with --url");
  }
  if (!system.url.empty() && system.workers != 0) {
    problems.emplace_back("--workers: is for a service that is started here; --url names another");
  }
  if (!system.url.empty() && !system.program.empty()) {
    problems.emplace_back("--program: is for a service that is started here; --url names another");
  }
  return problems;
}

std::vector<std::string> contradictions(const CoordinatorOptions& options) {
  std::vector<std::string> problems;
  if (options.processes > options.nodes) {
    problems.push_back(fmt::format("--processes: must not be more than the {} nodes, not {}",
                                   options.nodes, options.processes));
  }
  const auto least = (options.nodes + most_nodes_of_a_process - 1) / most_nodes_of_a_process;
  if (options.processes < least) {
    problems.push_back(
        fmt::format("--processes: a process holds {} nodes at most, so {} nodes "
                    "need {}, not {}",
                    most_nodes_of_a_process, options.nodes, least, options.processes));
  }
  return problems;
}

Download download_of(const std::string& text) {
  if (text == "none") return Download::none;
  return text == "all" ? Download::all : Download::sample;
}

BenchCommand command_of(const std::string& name, Options options) {
  BenchCommand command{.options = {}, .rivals = std::move(options.rivals), .json = options.json};
  if (name == "pixels") command.options = std::move(options.pixels);
  if (name == "memory") command.options = options.memory;
  if (name == "queue") command.options = std::move(options.queue);
  if (name == "store") command.options = std::move(options.store);
  if (name == "system") command.options = std::move(options.system);
  if (name == "scale") command.options = std::move(options.scale);
  if (name == "accept") command.options = std::move(options.accept);
  if (name == "coordinator") command.options = std::move(options.coordinator);
  if (name == "stub-nodes") command.options = std::move(options.stub_nodes);
  if (name == "pixels-load") command.options = std::move(options.pixels_load);
  return command;
}

}  // namespace

tl::expected<BenchCommand, BenchExit> read_bench_command(std::span<const char* const> arguments) {
  Options options;
  CLI::App program("Measures Darkroom, and parts of it, on this machine.", "tools/bench");
  program.allow_extras();
  program.require_subcommand(0, 1);
  add_pixels(program, options);
  add_memory(program, options);
  add_queue(program, options);
  add_store(program, options);
  add_system(program, options);
  add_scale(program, options);
  add_accept(program, options);
  add_coordinator(program, options);
  add_parts(program, options);
  try {
    program.parse(static_cast<int>(arguments.size()), arguments.data());
  } catch (const CLI::Error& error) {
    return tl::unexpected(exit_for(program, error));
  }
  const auto chosen = program.get_subcommands();
  if (chosen.empty() || chosen.front()->get_name() != arguments[1]) {
    return tl::unexpected(no_command(program, arguments));
  }
  const auto& command = *chosen.front();
  auto problems = unknown_arguments(program, command);
  options.pixels.backend =
      options.backend == "stb" ? &imaging::stb_backend() : &imaging::fast_backend();
  options.system.download = download_of(options.download);
  if (command.get_name() == "system") {
    std::ranges::move(contradictions(options.system), std::back_inserter(problems));
  }
  if (command.get_name() == "coordinator") {
    std::ranges::move(contradictions(options.coordinator), std::back_inserter(problems));
  }
  if (!problems.empty()) return tl::unexpected(refusal(problems));
  return command_of(command.get_name(), std::move(options));
}

}  // namespace darkroom::tools
