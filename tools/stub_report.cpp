#include "tools/stub_report.hpp"

#include "tools/sample_jobs.hpp"

namespace darkroom::tools {

actors::JobReport completed_report(const actors::Task& task, const jobs::WorkerId& worker) {
  actors::JobReport report;
  report.worker = worker;
  report.job = task.job;
  report.token = task.token;
  for (const auto& spec : task.renditions)
    report.results.push_back(sample_result(task.job, spec));
  report.findings = sample_findings();
  return report;
}

}  // namespace darkroom::tools
