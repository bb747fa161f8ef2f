#include <limits>

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include "persistence/hex.hpp"
#include "persistence/job_record.hpp"

namespace darkroom::persistence {
namespace {

/// Reads the members of one JSON object. The first member that is missing or of the wrong type
/// sets `problem`; from then on every read gives an empty value, and whoever started the reading
/// looks at `problem` once at the end. Members that nobody asks for are ignored.
class RecordReader {
 public:
  /// `path` leads from the record to this object, "original." for instance.
  RecordReader(const rapidjson::Value& object, std::string path,
               std::optional<std::string>& problem)
      : object_(&object), path_(std::move(path)), problem_(&problem) {
    if (!object.IsObject()) {
      report(path_.empty() ? "the record" : path_.substr(0, path_.size() - 1), "an object");
    }
  }

  [[nodiscard]] std::string text(const char* name) const {
    const auto* value = required(name);
    if (value != nullptr && value->IsString())
      return {value->GetString(), value->GetStringLength()};
    report(path_ + name, "text");
    return {};
  }

  [[nodiscard]] std::optional<std::string> optional_text(const char* name) const {
    if (optional(name) == nullptr) return std::nullopt;
    return text(name);
  }

  /// A whole number that fits into `Number`.
  template <class Number>
  [[nodiscard]] Number number(const char* name) const {
    constexpr auto lowest = std::numeric_limits<Number>::min();
    constexpr auto highest = std::numeric_limits<Number>::max();
    const auto* value = required(name);
    if constexpr (std::numeric_limits<Number>::is_signed) {
      if (value != nullptr && value->IsInt64() && value->GetInt64() >= lowest &&
          value->GetInt64() <= highest) {
        return static_cast<Number>(value->GetInt64());
      }
    } else {
      if (value != nullptr && value->IsUint64() && value->GetUint64() <= highest) {
        return static_cast<Number>(value->GetUint64());
      }
    }
    report(path_ + name,
           "a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest));
    return {};
  }

  [[nodiscard]] double real(const char* name) const {
    const auto* value = required(name);
    if (value != nullptr && value->IsNumber()) return value->GetDouble();
    report(path_ + name, "a number");
    return {};
  }

  [[nodiscard]] bool flag(const char* name) const {
    const auto* value = required(name);
    if (value != nullptr && value->IsBool()) return value->GetBool();
    report(path_ + name, "true or false");
    return {};
  }

  /// A member that came with a later schema: what the member function `read` gives, or `otherwise`
  /// where it is absent.
  template <class Value>
  [[nodiscard]] Value added(const char* name, Value (RecordReader::*read)(const char*) const,
                            Value otherwise) const {
    return optional(name) == nullptr ? otherwise : (this->*read)(name);
  }

  [[nodiscard]] jobs::Timestamp time(const char* name) const {
    return jobs::Timestamp{std::chrono::milliseconds{number<std::int64_t>(name)}};
  }

  [[nodiscard]] std::optional<jobs::Timestamp> optional_time(const char* name) const {
    if (optional(name) == nullptr) return std::nullopt;
    return time(name);
  }

  /// Text that `parse` must understand; `expected` says in words what that is.
  template <class Parse>
  [[nodiscard]] auto parsed(const char* name, std::string_view expected, const Parse& parse) const {
    auto value = parse(std::string_view{text(name)});
    if (!value) report(path_ + name, expected);
    return std::move(value).value_or(typename decltype(value)::value_type{});
  }

  /// The same for a member that need not be there.
  template <class Parse>
  [[nodiscard]] auto optional_parsed(const char* name, std::string_view expected,
                                     const Parse& parse) const {
    using Value = decltype(parse(std::string_view{}));
    return optional(name) == nullptr ? Value{} : Value{parsed(name, expected, parse)};
  }

  /// The same for a member that came with a later schema.
  template <class Value, class Parse>
  [[nodiscard]] Value added(const char* name, std::string_view expected, const Parse& parse,
                            Value otherwise) const {
    return optional(name) == nullptr ? otherwise : parsed(name, expected, parse);
  }

  [[nodiscard]] RecordReader object(const char* name) const {
    static const rapidjson::Value missing;
    const auto* value = required(name);
    return {value != nullptr ? *value : missing, path_ + name + ".", *problem_};
  }

  [[nodiscard]] std::optional<RecordReader> optional_object(const char* name) const {
    if (optional(name) == nullptr) return std::nullopt;
    return object(name);
  }

  template <class Item>
  [[nodiscard]] std::vector<Item> list(const char* name, Item (*read)(const RecordReader&)) const {
    std::vector<Item> items;
    const auto* value = required(name);
    if (value == nullptr || !value->IsArray()) {
      report(path_ + name, "a list");
      return items;
    }
    for (const auto& element : value->GetArray()) {
      const auto path = path_ + name + "[" + std::to_string(items.size()) + "].";
      items.push_back(read(RecordReader{element, path, *problem_}));
      if (*problem_) break;
    }
    return items;
  }

 private:
  /// Null, and a problem is set, where there is no such member.
  [[nodiscard]] const rapidjson::Value* required(const char* name) const {
    const auto* value = find(name);
    if (value == nullptr && !*problem_) *problem_ = path_ + name + " is missing";
    return value;
  }

  /// Null where there is no such member, or it is a JSON null.
  [[nodiscard]] const rapidjson::Value* optional(const char* name) const {
    const auto* value = find(name);
    return value == nullptr || value->IsNull() ? nullptr : value;
  }

  [[nodiscard]] const rapidjson::Value* find(const char* name) const {
    if (*problem_) return nullptr;
    const auto member = object_->FindMember(name);
    return member == object_->MemberEnd() ? nullptr : &member->value;
  }

  void report(std::string_view where, std::string_view expected) const {
    if (*problem_) return;
    *problem_ = std::string{where} + " is not " + std::string{expected};
  }

  const rapidjson::Value* object_;
  std::string path_;
  std::optional<std::string>* problem_;
};

jobs::Original read_original(const RecordReader& in) {
  const jobs::Original none;
  return {.blob_key = in.text("blob_key"),
          .filename = in.text("filename"),
          .content_type = in.text("content_type"),
          .format = in.text("format"),
          .sha256 = in.text("sha256"),
          .bytes = in.number<std::uint64_t>("bytes"),
          .width = in.number<std::uint32_t>("width"),
          .height = in.number<std::uint32_t>("height"),
          .frames = in.added("frames", &RecordReader::number<std::uint32_t>, none.frames),
          .blurhash = in.optional_text("blurhash"),
          .dominant_colour = in.optional_text("dominant_colour")};
}

std::optional<jobs::FocalPoint> read_focus(const RecordReader& in) {
  const auto focus = in.optional_object("focus");
  if (!focus) return std::nullopt;
  return jobs::FocalPoint{.x = focus->real("x"), .y = focus->real("y")};
}

std::optional<jobs::Watermark> read_watermark(const RecordReader& in) {
  const auto watermark = in.optional_object("watermark");
  if (!watermark) return std::nullopt;
  return jobs::Watermark{
      .name = watermark->text("name"),
      .image = watermark->text("image"),
      .position = watermark->parsed("position", "a known position", jobs::parse_gravity),
      .opacity = watermark->real("opacity"),
      .scale = watermark->real("scale")};
}

jobs::RenditionSpec read_spec(const RecordReader& in) {
  const jobs::RenditionSpec none;
  return {.name = in.text("name"),
          .operation = in.parsed("operation", "a known operation", jobs::parse_operation),
          .width = in.number<std::uint32_t>("width"),
          .height = in.number<std::uint32_t>("height"),
          .quality = in.number<int>("quality"),
          .format = in.parsed("format", "a known output format", jobs::parse_output_format),
          .folder = in.text("folder"),
          .fit = in.added("fit", "a known fit", jobs::parse_fit, none.fit),
          .gravity = in.added("gravity", "a known gravity", jobs::parse_gravity, none.gravity),
          .focus = read_focus(in),
          .enlarge = in.added("enlarge", &RecordReader::flag, none.enlarge),
          .background = in.added("background", "a colour such as #ffffff", jobs::parse_colour,
                                 none.background),
          .lossless = in.added("lossless", &RecordReader::flag, none.lossless),
          .progressive = in.added("progressive", &RecordReader::flag, none.progressive),
          .subsampling = in.added("subsampling", "a known subsampling",
                                  jobs::parse_chroma_subsampling, none.subsampling),
          .effort = in.added("effort", &RecordReader::number<int>, none.effort),
          .max_bytes = in.added("max_bytes", &RecordReader::number<std::uint64_t>, none.max_bytes),
          .sharpen = in.added("sharpen", &RecordReader::real, none.sharpen),
          .linear_light = in.added("linear_light", &RecordReader::flag, none.linear_light),
          .keep_copyright = in.added("keep_copyright", &RecordReader::flag, none.keep_copyright),
          .watermark = read_watermark(in)};
}

jobs::Rendition read_rendition(const RecordReader& in) {
  return {.spec = read_spec(in.object("spec")),
          .status = in.parsed("status", "a known status", jobs::parse_rendition_status),
          .blob_key = in.text("blob_key"),
          .content_type = in.text("content_type"),
          .sha256 = in.text("sha256"),
          .bytes = in.number<std::uint64_t>("bytes"),
          .width = in.number<std::uint32_t>("width"),
          .height = in.number<std::uint32_t>("height"),
          .error_message = in.optional_text("error_message"),
          .milliseconds =
              in.added("milliseconds", &RecordReader::number<std::uint32_t>, std::uint32_t{0})};
}

jobs::Attempt read_attempt(const RecordReader& in) {
  return {.number = in.number<std::uint32_t>("number"),
          .worker = in.text("worker"),
          .started_at = in.time("started_at"),
          .finished_at = in.optional_time("finished_at"),
          .outcome = in.parsed("outcome", "a known outcome", jobs::parse_attempt_outcome),
          .error = in.optional_text("error")};
}

std::optional<jobs::LeaseToken> parse_token(std::string_view text) {
  if (text.size() != 32) return std::nullopt;
  const auto high = parse_hex_u64(text.substr(0, 16));
  const auto low = parse_hex_u64(text.substr(16));
  if (!high || !low) return std::nullopt;
  return jobs::LeaseToken{.high = *high, .low = *low};
}

jobs::Lease read_lease(const RecordReader& in) {
  return {.token = in.parsed("token", "32 hex digits", parse_token),
          .worker = {.name = in.text("worker"),
                     .incarnation = in.parsed("incarnation", "16 hex digits", parse_hex_u64)}};
}

jobs::Job read_job(const RecordReader& in) {
  jobs::Job job;
  job.id = in.parsed("id", "a job id (a UUID of version 7)", jobs::JobId::parse);
  job.status = in.parsed("status", "a known status", jobs::parse_job_status);
  job.queue = in.text("queue");
  job.priority = in.number<std::uint8_t>("priority");
  job.tenant = in.added("tenant", &RecordReader::text, job.tenant);
  job.preset = in.text("preset");
  job.created_at = in.time("created_at");
  job.updated_at = in.time("updated_at");
  job.completed_at = in.optional_time("completed_at");
  job.expires_at = in.time("expires_at");
  job.run_at = in.time("run_at");
  job.error_message = in.optional_text("error_message");
  job.original = read_original(in.object("original"));
  job.renditions = in.list("renditions", read_rendition);
  job.attempts = in.list("attempts", read_attempt);
  if (const auto lease = in.optional_object("lease")) job.lease = read_lease(*lease);
  job.forgiven_attempts =
      in.added("forgiven_attempts", &RecordReader::number<std::uint32_t>, job.forgiven_attempts);
  job.sent_again_at = in.optional_time("sent_again_at");
  job.alone = in.added("alone", &RecordReader::flag, job.alone);
  job.reusable = in.added("reusable", &RecordReader::flag, job.reusable);
  job.reused_from = in.optional_parsed("reused_from", "a job id", jobs::JobId::parse);
  if (const auto idempotency = in.optional_object("idempotency")) {
    job.idempotency = jobs::Idempotency{.key = idempotency->text("key"),
                                        .fingerprint = idempotency->text("fingerprint")};
  }
  job.revision = in.added("revision", &RecordReader::number<std::uint64_t>, job.revision);
  job.batch = in.optional_parsed("batch", "the id of a batch", jobs::JobId::parse);
  job.metadata = in.added("metadata", &RecordReader::text, job.metadata);
  job.callback_url = in.added("callback_url", &RecordReader::text, job.callback_url);
  job.email = in.added("email", &RecordReader::text, job.email);
  job.public_name = in.added("public_name", &RecordReader::text, job.public_name);
  job.source_url = in.added("source_url", &RecordReader::text, job.source_url);
  job.request_id = in.added("request_id", &RecordReader::text, job.request_id);
  job.trace_parent = in.added("trace_parent", &RecordReader::text, job.trace_parent);
  job.not_before = in.optional_time("not_before");
  return job;
}

}  // namespace

tl::expected<jobs::Job, std::string> decode_job(std::string_view record) {
  // Iterative, because a damaged record may be nested deeper than the stack.
  constexpr unsigned flags = rapidjson::kParseIterativeFlag |
                             rapidjson::kParseValidateEncodingFlag |
                             rapidjson::kParseFullPrecisionFlag;
  rapidjson::Document document;
  document.Parse<flags>(record.data(), record.size());
  if (document.HasParseError()) {
    return tl::unexpected{
        "not JSON: " + std::string{rapidjson::GetParseError_En(document.GetParseError())} +
        " (at byte " + std::to_string(document.GetErrorOffset()) + ")"};
  }

  std::optional<std::string> problem;
  const RecordReader reader{document, "", problem};
  const auto schema = reader.number<std::int64_t>("schema");
  if (!problem && schema > job_record_schema) {
    problem = "it has schema " + std::to_string(schema) +
              ", and this version of Darkroom reads up to schema " +
              std::to_string(job_record_schema) +
              "; start the version that wrote it or a newer one";
  }
  if (!problem && schema < 1) problem = "schema is not 1 or more";
  auto job = read_job(reader);
  if (problem) return tl::unexpected{std::move(*problem)};
  return job;
}

}  // namespace darkroom::persistence
