#pragma once

#include <iosfwd>
#include <span>

#include "nodes/command_line.hpp"
#include "nodes/effective_config.hpp"
#include "nodes/settings.hpp"

namespace darkroom::nodes {

/// Prints the settings as a TOML file that can be used as config.toml, with a comment behind each
/// that says where it came from. Secrets are commented out and their values not printed.
void print_as_toml(std::span<const Setting> settings, const EffectiveConfig& effective,
                   std::ostream& out);

/// Prints a setting a line: name, value, origin. Presets are counted, not spelt out, and of a
/// watermark its image is printed.
void print_as_text(std::span<const Setting> settings, const EffectiveConfig& effective,
                   std::ostream& out);

/// Runs `darkroom config`; returns the exit code.
[[nodiscard]] int run_config(const ConfigCommand& command, std::ostream& out, std::ostream& err);

}  // namespace darkroom::nodes
