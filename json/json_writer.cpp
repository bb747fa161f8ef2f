#include "json/json_writer.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "json/utf8.hpp"

namespace darkroom::json {

struct JsonWriter::Output {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};

  void key(std::string_view name) {
    writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  }
  void text(std::string_view value) {
    const std::string valid = repaired_utf8(value);
    writer.String(valid.data(), static_cast<rapidjson::SizeType>(valid.size()));
  }
};

JsonWriter::JsonWriter() : output_(std::make_unique<Output>()) {
  output_->writer.StartObject();
}

JsonWriter::~JsonWriter() = default;

void JsonWriter::member(std::string_view name, std::string_view value) {
  output_->key(name);
  output_->text(value);
}

void JsonWriter::member(std::string_view name, bool value) {
  output_->key(name);
  output_->writer.Bool(value);
}

void JsonWriter::member(std::string_view name, std::nullptr_t) {
  output_->key(name);
  output_->writer.Null();
}

void JsonWriter::member(std::string_view name, double value) {
  output_->key(name);
  output_->writer.Double(value);
}

void JsonWriter::raw_member(std::string_view name, std::string_view json) {
  output_->key(name);
  // The type only matters at the outermost level.
  output_->writer.RawValue(json.data(), json.size(), rapidjson::kObjectType);
}

void JsonWriter::texts(std::string_view name, std::initializer_list<std::string_view> values) {
  output_->key(name);
  output_->writer.StartArray();
  for (const std::string_view value : values)
    output_->text(value);
  output_->writer.EndArray();
}

void JsonWriter::unsigned_member(std::string_view name, std::uint64_t value) {
  output_->key(name);
  output_->writer.Uint64(value);
}

void JsonWriter::signed_member(std::string_view name, std::int64_t value) {
  output_->key(name);
  output_->writer.Int64(value);
}

void JsonWriter::begin_object(std::string_view name) {
  output_->key(name);
  output_->writer.StartObject();
}

void JsonWriter::end_object() {
  output_->writer.EndObject();
}

void JsonWriter::begin_list(std::string_view name) {
  output_->key(name);
  output_->writer.StartArray();
}

void JsonWriter::begin_item() {
  output_->writer.StartObject();
}

void JsonWriter::end_list() {
  output_->writer.EndArray();
}

std::string JsonWriter::finish() {
  output_->writer.EndObject();
  return {output_->buffer.GetString(), output_->buffer.GetSize()};
}

}  // namespace darkroom::json
