#include "nodes/arguments.hpp"

#include <algorithm>
#include <deque>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <sstream>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "nodes/nearest_name.hpp"
#include "nodes/settings.hpp"
#include "nodes/version.hpp"

namespace darkroom::nodes {
namespace {

/// CLI11's layout with one blank line between groups, not two, and with usages that name what a
/// command needs.
class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string name) const override {
    const std::string command = app->get_name();
    if (command == "worker") return "Usage: darkroom worker --join HOST:PORT [OPTIONS]\n";
    if (command == "ingest") return "Usage: darkroom ingest --join HOST:PORT [OPTIONS]\n";
    if (command == "process") return "Usage: darkroom process IMAGE... -o DIR [OPTIONS]\n";
    if (command == "store") {
      return "Usage: darkroom store backup DIR [OPTIONS]\n"
             "       darkroom store restore DIR [OPTIONS]\n"
             "       darkroom store inspect [ID] [OPTIONS]\n"
             "       darkroom store stats [--json] [OPTIONS]\n"
             "       darkroom store verify [--json] [OPTIONS]\n";
    }
    if (command == "jobs") {
      return "Usage: darkroom jobs retry ID [OPTIONS]\n"
             "       darkroom jobs retry --all-failed [OPTIONS]\n"
             "       darkroom jobs cancel ID [OPTIONS]\n";
    }
    if (command == "queues") {
      return "Usage: darkroom queues list [--json] [OPTIONS]\n"
             "       darkroom queues pause NAME [OPTIONS]\n"
             "       darkroom queues resume NAME [OPTIONS]\n";
    }
    if (command == "workers") {
      return "Usage: darkroom workers list [--json] [OPTIONS]\n"
             "       darkroom workers drain NAME [OPTIONS]\n"
             "       darkroom workers resume NAME [OPTIONS]\n";
    }
    if (command == "keys") {
      return "Usage: darkroom keys create --name NAME --scope SCOPE [--tenant TENANT] [OPTIONS]\n"
             "       darkroom keys list [--json] [OPTIONS]\n"
             "       darkroom keys revoke ID [OPTIONS]\n";
    }
    if (command == "certs") {
      return "Usage: darkroom certs init [OPTIONS]\n"
             "       darkroom certs issue NAME [OPTIONS]\n"
             "       darkroom certs revoke NAME [OPTIONS]\n"
             "       darkroom certs list [OPTIONS]\n";
    }
    if (command == "webhook") return "Usage: darkroom webhook secret\n";
    if (command == "janitor") return "Usage: darkroom janitor run [OPTIONS]\n";
    if (command == "darkroom") return "Usage: darkroom COMMAND [OPTIONS]\n";
    return CLI::Formatter::make_usage(app, std::move(name));
  }

  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    std::string help = CLI::Formatter::make_help(app, std::move(name), mode);
    for (std::size_t at = help.find("\n\n\n"); at != std::string::npos;
         at = help.find("\n\n\n", at)) {
      help.erase(at, 1);
    }
    return help;
  }
};

/// Gives `command` the flags of the settings in `sections`, or in all where it is empty.
void add_settings(CLI::App& command, Arguments& arguments,
                  std::initializer_list<std::string_view> sections) {
  static const Config defaults;
  for (const Setting& setting : all_settings()) {
    const bool wanted =
        sections.size() == 0 || std::ranges::find(sections, setting.section) != sections.end();
    if (!wanted || setting.secret) continue;
    const std::string flag = flag_name(setting);
    const std::string standard = value_to_text(setting.type, setting.get(defaults));
    command
        .add_option_function<std::string>(
            flag, [&arguments, flag](const std::string& text) { arguments.flags[flag] = text; },
            fmt::format("{} [{}]", setting.help, standard))
        ->type_name(placeholder(setting.type))
        ->group(fmt::format("[{}] {}", setting.section, section_title(setting.section)));
  }
  command
      .add_option("--config", arguments.config_file,
                  "File of settings, or none [./config.toml if there is one]")
      ->type_name("FILE");
}

CLI::App& add_command(CLI::App& program, const std::string& name, const std::string& description) {
  CLI::App& command = *program.add_subcommand(name, description);
  command.allow_extras();
  // A flag that is repeated counts as it stands last, so that scripts can add to a command line.
  command.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  command.set_help_flag("-h,--help", "Print this help and exit");
  command.set_version_flag("--version", fmt::format("darkroom {}", version()),
                           "Print the version and exit");
  command.footer(
      "Every setting can stand in the file ([http] port = 8000), in the environment\n"
      "(DARKROOM_HTTP_PORT=8000) or here (--http-port 8000). Of these three the later one wins.");
  return command;
}

/// Gives `command` words before its flags: an action, and what that is on.
void add_words(CLI::App& command, Arguments& arguments, const std::string& help) {
  command.add_option("ACTION", arguments.words, help)
      ->type_name("")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_store(CLI::App& program, Arguments& arguments) {
  CLI::App& store =
      add_command(program, "store", "Back up, restore, look at and verify the data folder");
  add_words(store, arguments,
            "backup DIR: all jobs and files, also while the service runs; into the same DIR "
            "again, only what is new\n"
            "restore DIR: a backup into a new data folder\n"
            "inspect: counts of jobs, damaged records\n"
            "inspect ID: one job with all its members and files\n"
            "stats: sizes on disk and in memory\n"
            "verify: reads every job and file and compares the SHA-256; exits with 1 for damage");
  store.add_flag("--json", arguments.json, "Print what stats or verify find as JSON");
  add_settings(store, arguments, {"storage", "store"});
}

void add_jobs(CLI::App& program, Arguments& arguments) {
  CLI::App& jobs =
      add_command(program, "jobs", "Send jobs of the running service again, or stop them");
  add_words(jobs, arguments,
            "retry ID: a job that has failed or was cancelled is tried again\n"
            "cancel ID: a job that is not finished is stopped");
  jobs.add_flag("--all-failed", arguments.all_failed, "Retry every job that has failed");
  add_settings(jobs, arguments, {"storage"});

  CLI::App& janitor =
      add_command(program, "janitor", "Have the running service remove what has expired");
  add_words(janitor, arguments, "run: now, and say what was removed");
  add_settings(janitor, arguments, {"storage"});
}

void add_cluster(CLI::App& program, Arguments& arguments) {
  CLI::App& queues =
      add_command(program, "queues", "Look at the queues of the running service, or pause one");
  add_words(queues, arguments,
            "list: jobs that wait and run, and workers, of each queue\n"
            "pause NAME: begins no more of its jobs; what runs goes on\n"
            "resume NAME: begins them again");
  queues.add_flag("--json", arguments.json, "Print the answer as JSON");
  add_settings(queues, arguments, {"storage"});

  CLI::App& workers =
      add_command(program, "workers", "Look at the workers of the running service, or drain one");
  add_words(workers, arguments,
            "list: what each does, and since when it is here\n"
            "drain NAME: gives that worker, or all of the node NAME, no more jobs; what runs goes "
            "on\n"
            "resume NAME: gives them jobs again");
  workers.add_flag("--json", arguments.json, "Print the answer as JSON");
  add_settings(workers, arguments, {"storage"});
}

void add_keys(CLI::App& program, Arguments& arguments) {
  CLI::App& keys =
      add_command(program, "keys", "Make and revoke the API keys that requests must show");
  add_words(keys, arguments,
            "create: a new key, which is printed this once; from the first one on requests need "
            "one\n"
            "list: all keys, without themselves\n"
            "revoke ID: refuses that key from now on");
  keys.add_option("--name", arguments.key_name, "What the key is called; required for create")
      ->type_name("TEXT");
  keys.add_option("--scope", arguments.key_scope,
                  "What it allows: to see jobs, to change them too, or all; required for create")
      ->type_name("read|write|admin");
  keys.add_option("--tenant", arguments.key_tenant,
                  "Whose jobs it makes and sees; the same for several keys [one of its own]")
      ->type_name("TEXT");
  keys.add_flag("--json", arguments.json, "Print the answer as JSON");
  add_settings(keys, arguments, {"storage"});
}

void add_certs(CLI::App& program, Arguments& arguments) {
  CLI::App& certs =
      add_command(program, "certs", "Make and revoke the certificates that nodes join with");
  add_words(certs, arguments,
            "init: the cluster's own CA, once\n"
            "issue NAME: a key and a certificate for a node, also to renew them\n"
            "revoke NAME: all certificates of a node, which is then cut off\n"
            "list: all that were issued, and how long they are good");
  certs.add_option("--directory", arguments.directory, "Folder of the CA [certs]")
      ->type_name("DIR");
  certs
      .add_option("--days", arguments.days,
                  "How long the CA [3650] or the certificate [825] is to be good")
      ->type_name("NUMBER");
  // It reads no settings: it is there to make what they name.
  certs.footer("");
}

void add_webhook(CLI::App& program, Arguments& arguments) {
  CLI::App& webhook =
      add_command(program, "webhook", "Make a secret that webhooks are signed with");
  add_words(webhook, arguments, "secret: a new one is printed, for webhook.secret");
  webhook.footer("");
}

/// What every node that joins another one takes.
void add_joining(CLI::App& command, Arguments& arguments) {
  command.add_option("--join", arguments.join, "Where the coordinator takes nodes; required")
      ->type_name("HOST:PORT");
  command
      .add_option("--name", arguments.node_name, "What this node is called [host and process id]")
      ->type_name("TEXT");
}

void add_nodes(CLI::App& program, Arguments& arguments) {
  add_settings(add_command(program, "serve", "Run the service: HTTP, jobs and local workers"),
               arguments, {});
  add_settings(add_command(program, "coordinator", "Run the queue and the files of a cluster"),
               arguments, {});

  CLI::App& ingest =
      add_command(program, "ingest", "Run an HTTP API node that joins a coordinator");
  add_joining(ingest, arguments);
  add_settings(ingest, arguments, {});

  CLI::App& worker = add_command(program, "worker", "Run a worker node, which joins a coordinator");
  add_joining(worker, arguments);
  worker.add_option("--slots", arguments.slots, "Jobs at once on this node [one per core]")
      ->type_name("NUMBER");
  worker
      .add_option("--autoscale", arguments.autoscale,
                  "Instead: more while work waits, fewer when not")
      ->type_name("MIN,MAX");
  worker.add_option("--queues", arguments.queues, "Take jobs of these queues only [all]")
      ->type_name("A,B");
  // For the processes that nodes start themselves, so in no help.
  worker.add_option("--parent", arguments.parent)->group("");
  worker.add_option("--node", arguments.node)->group("");
  worker.add_option("--data-port", arguments.data_port)->group("");
  add_settings(worker, arguments, {});
}

void add_commands(CLI::App& program, Arguments& arguments) {
  add_nodes(program, arguments);

  CLI::App& process =
      add_command(program, "process", "Make the renditions of images at once, without a service");
  process.add_option("IMAGE", arguments.images, "Images to process")
      ->type_name("")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  process.add_option("-o,--output", arguments.output, "Folder to write to; required")
      ->type_name("DIR");
  process.add_option("--preset", arguments.preset, "Preset that says what to make [default]")
      ->type_name("NAME");
  process
      .add_option("--renditions", arguments.renditions,
                  "What to make instead of a preset: [{\"name\":...},...]")
      ->type_name("JSON");
  process.add_flag("--overwrite", arguments.overwrite, "Replace files that exist already");
  add_settings(process, arguments, {"imaging"});

  CLI::App& config =
      add_command(program, "config", "Print the settings in force and where each came from");
  config.add_option("--format", arguments.config_output, "How to print them [toml]")
      ->type_name("toml|text");
  add_settings(config, arguments, {});
  add_store(program, arguments);
  add_jobs(program, arguments);
  add_cluster(program, arguments);
  add_keys(program, arguments);
  add_certs(program, arguments);
  add_webhook(program, arguments);
}

bool is_flag(std::string_view argument) {
  return argument.size() > 1 && argument.starts_with('-');
}

std::vector<std::string> flag_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames())
      names.push_back("--" + name);
  }
  return names;
}

/// What CLI11 could not place, without the "--" that ends flags.
std::vector<std::string> leftovers(const CLI::App& app) {
  std::vector<std::string> extras = app.remaining();
  std::erase(extras, "--");
  return extras;
}

/// What is wrong with arguments that `command` did not know.
std::vector<std::string> unknown_arguments(const CLI::App& program, const CLI::App& command) {
  std::vector<std::string> extras = leftovers(command);
  // Behind "--" CLI11 gives what the command does not take back to the program.
  std::ranges::copy(leftovers(program), std::back_inserter(extras));
  const std::vector<std::string> names = flag_names(command);
  std::vector<std::string> lines;
  for (const std::string& extra : extras) {
    if (!is_flag(extra)) continue;
    const std::string flag = extra.substr(0, extra.find('='));
    lines.push_back(fmt::format("{}: darkroom {} has no such flag{}", flag, command.get_name(),
                                suggestion(flag, names)));
  }
  // Behind an unknown flag stands its value, which is then no mistake of its own.
  if (!lines.empty() || extras.empty()) return lines;
  return {fmt::format("{}: darkroom {} takes flags only; see darkroom {} --help", extras.front(),
                      command.get_name(), command.get_name())};
}

/// For a command line that does not begin with a command.
EarlyExit no_command(const CLI::App& program, std::span<const char* const> args) {
  const std::string first = args.size() > 1 ? args[1] : "";
  if (first.empty()) {
    return {.code = 2,
            .out = {},
            .err = "darkroom: name a command, such as darkroom serve\n\n" + program.help()};
  }
  if (is_flag(first)) {
    const std::string near = suggestion(first, flag_names(program));
    return refusal({first + ": " +
                    (near.empty() ? fmt::format("must stand behind a command, as in "
                                                "darkroom serve {}",
                                                first)
                                  : "there is no such flag" + near)});
  }
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands({}))
    names.push_back(command->get_name());
  const std::string near = suggestion(first, names);
  const std::string list = fmt::format("; the commands are {}", fmt::join(names, ", "));
  return refusal(
      {fmt::format("{}: there is no such command{}", first, near.empty() ? list : near)});
}

/// Help and version, and what CLI11 itself refuses.
EarlyExit exit_for(const CLI::App& program, const CLI::Error& error) {
  std::ostringstream out;
  std::ostringstream err;
  if (program.exit(error, out, err) == 0) return {.code = 0, .out = out.str(), .err = {}};
  const std::string message = error.what();
  // CLI11 says "--http-port: 1 required NUMBER missing".
  const bool lacks_value = dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr;
  if (lacks_value) return refusal({message.substr(0, message.find(':')) + ": needs a value"});
  return refusal({fmt::format("darkroom: {}", message)});
}

/// "--flag=" in two words, "--flag" and an empty value: CLI11 would take the next word as its
/// value.
std::vector<const char*> with_empty_values(std::span<const char* const> args,
                                           std::deque<std::string>& made) {
  std::vector<const char*> words;
  bool flags = true;
  for (const char* const arg : args) {
    const std::string_view text{arg};
    flags = flags && text != "--";
    const bool empty = flags && text.starts_with("--") && text.find('=') == text.size() - 1;
    words.push_back(empty ? made.emplace_back(text.substr(0, text.size() - 1)).c_str() : arg);
    if (empty) words.push_back("");
  }
  return words;
}

}  // namespace

tl::expected<Arguments, EarlyExit> read_arguments(std::span<const char* const> args) {
  Arguments arguments;
  CLI::App program("Darkroom makes renditions of images: resized, compressed, thumbnails.",
                   "darkroom");
  program.set_help_flag("-h,--help", "Print this help and exit");
  program.set_version_flag("--version", fmt::format("darkroom {}", version()),
                           "Print the version and exit");
  program.allow_extras();
  program.require_subcommand(0, 1);
  const auto formatter = std::make_shared<HelpFormatter>();
  formatter->column_width(42);
  program.formatter(formatter);
  add_commands(program, arguments);
  try {
    std::deque<std::string> made;
    const std::vector<const char*> words = with_empty_values(args, made);
    program.parse(static_cast<int>(words.size()), words.data());
  } catch (const CLI::Error& error) {
    return tl::make_unexpected(exit_for(program, error));
  }
  const std::vector<CLI::App*> chosen = program.get_subcommands();
  if (chosen.empty() || chosen.front()->get_name() != args[1]) {
    return tl::make_unexpected(no_command(program, args));
  }
  arguments.command = chosen.front()->get_name();
  arguments.unknown = unknown_arguments(program, *chosen.front());
  return arguments;
}

}  // namespace darkroom::nodes
