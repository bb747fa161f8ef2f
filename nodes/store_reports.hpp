#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "nodes/command_line.hpp"
#include "persistence/store_figures.hpp"
#include "persistence/store_summary.hpp"
#include "persistence/store_verify.hpp"

namespace darkroom::nodes {

/// For people, a fact a line.
void print_summary(const persistence::StoreSummary& summary, const StoreCommand& command,
                   std::ostream& out);

/// `status` is what a running service says of itself (GET /control/status); none: none runs.
void print_figures(const persistence::StoreFigures& figures, const StoreCommand& command,
                   const std::optional<std::string>& status, std::ostream& out);
[[nodiscard]] std::string figures_to_json(const persistence::StoreFigures& figures,
                                          const std::optional<std::string>& status);

[[nodiscard]] std::string to_line(const persistence::VerifyFault& fault);
void print_report(const persistence::VerifyReport& report, std::chrono::milliseconds duration,
                  std::ostream& out);
/// `faults` may be only the first ones.
[[nodiscard]] std::string report_to_json(const persistence::VerifyReport& report,
                                         const std::vector<persistence::VerifyFault>& faults);

}  // namespace darkroom::nodes
