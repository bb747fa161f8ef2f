#include <iomanip>
#include <ostream>

#include "tools/bench_accept.hpp"
#include "tools/latency_json.hpp"
#include "tools/latency_text.hpp"

namespace darkroom::tools {
namespace {

void write_load_of(std::ostream& out, const AcceptLoadResult& result) {
  out << std::fixed << std::setw(9) << std::setprecision(0) << result.per_second
      << std::setprecision(1) << std::setw(8) << result.answer.p50_ms << std::setw(8)
      << result.answer.p99_ms;
}

void write_errors(std::ostream& out, const AcceptLoadResult& result) {
  if (result.error_count == 0) return;
  out << "  ERROR, " << result.error_count << " times: " << result.error << "\n";
}

void write_row(std::ostream& out, const AcceptRow& row) {
  constexpr double kilobyte = 1'000;
  out << std::setw(5) << std::setprecision(0) << std::fixed
      << static_cast<double>(row.bytes) / kilobyte << std::setw(7) << row.connections;
  write_load_of(out, row.idle);
  out << std::setw(9) << std::setprecision(0) << row.disk << std::setw(6) << std::setprecision(2)
      << row.share_of_disk() << std::setw(10) << std::setprecision(0) << row.loopback
      << std::setw(6) << std::setprecision(2) << row.share_of_loopback();
  write_load_of(out, row.saturated);
  out << "\n";
  write_errors(out, row.idle);
  write_errors(out, row.saturated);
}

void write_slow_line(std::ostream& out, const char* when, const AcceptLoadResult& result) {
  out << "  " << std::left << std::setw(18) << when << std::right << std::fixed
      << std::setprecision(0) << std::setw(7) << result.per_second << " uploads/s, p50 "
      << std::setprecision(2) << std::setw(7) << result.answer.p50_ms << " ms, p99 " << std::setw(7)
      << result.answer.p99_ms << " ms\n";
  write_errors(out, result);
}

double in_microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::micro>{time}.count();
}

void write_file_creation(std::ostream& out, std::chrono::nanoseconds time) {
  constexpr std::chrono::microseconds usual_at_most{200};
  out << "creating an empty file took " << std::fixed << std::setprecision(0)
      << in_microseconds(time) << " us";
  if (time > usual_at_most) {
    out << ", which makes all of this slow: an ext4 without a journal is so\nfor five minutes "
           "after "
           "many files were removed; wait, or name a folder elsewhere with --dir";
  }
  out << "\n";
}

void write_load_of(json::JsonWriter& json, const char* name, const AcceptLoadResult& result) {
  json.object(name, [&] {
    json.member("per_second", result.per_second);
    write_times(json, "answer", result.answer);
    json.member("error_count", result.error_count);
    if (result.error_count > 0) json.member("error", result.error);
  });
}

}  // namespace

void write_accept_table(std::ostream& out, const AcceptReport& report) {
  out << "Durable uploads, " << report.options.seconds << " s each; rates a second, times in ms\n"
      << "                  workers idle       the disk alone  loopback alone        workers busy\n"
      << "   KB  conns     rate     p50     p99     rate share      rate share     rate     p50"
         "     p99\n";
  for (const auto& row : report.rows)
    write_row(out, row);
  if (report.slow) {
    const auto& slow = *report.slow;
    out << slow.clients << " slow clients, " << slow.connected << " connected at the end, "
        << slow.cut_off << " cut off meanwhile; uploads on 4 connections\n";
    write_slow_line(out, "before them", slow.without);
    write_slow_line(out, "beside them", slow.with);
    write_slow_line(out, "after them", slow.after);
    out << "  beside them an upload takes " << std::setprecision(2) << slow.times_as_long()
        << " times as long, by the medians\n";
  }
  write_file_creation(out, report.file_creation);
  write_load(out, report.load);
}

void write_accept_json(std::ostream& out, const AcceptReport& report) {
  json::JsonWriter json;
  json.member("seconds", std::uint64_t{report.options.seconds});
  json.member("turns", std::uint64_t{report.options.turns});
  json.list("rows", report.rows, [&](const AcceptRow& row) {
    json.member("bytes", row.bytes);
    json.member("connections", std::uint64_t{row.connections});
    write_load_of(json, "idle", row.idle);
    write_load_of(json, "saturated", row.saturated);
    json.member("disk_per_second", row.disk);
    json.member("loopback_per_second", row.loopback);
    json.member("share_of_disk", row.share_of_disk());
    json.member("share_of_loopback", row.share_of_loopback());
  });
  if (report.slow) {
    const auto& slow = *report.slow;
    json.object("slow", [&] {
      json.member("clients", slow.clients);
      json.member("connected", slow.connected);
      json.member("cut_off", slow.cut_off);
      write_load_of(json, "without", slow.without);
      write_load_of(json, "with", slow.with);
      write_load_of(json, "after", slow.after);
      json.member("times_as_long", slow.times_as_long());
    });
  }
  json.member("file_creation_us", in_microseconds(report.file_creation));
  write_load(json, report.load);
  out << json.finish() << "\n";
}

}  // namespace darkroom::tools
