#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "jobs/job_id.hpp"
#include "jobs/rendition.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/field_wire.hpp"

namespace darkroom::persistence {

/// Writes the numbered fields of one message; FieldReader has the same members, so that one
/// description serves both ways. Numbers go up within a message.
class FieldWriter {
 public:
  /// Appends to `out`. `id` is the text of the id that blob keys are expected to hold.
  FieldWriter(std::string& out, std::string_view id) : out_(&out), id_(id) {}

  /// Left out where it is empty, zero or none, which is what its absence will be read as.
  template <class Value>
  void field(unsigned number, const Value& value) {
    if (value != Value{}) put(number, value);
  }

  /// One that came with a later schema: always written, so that its absence means the default.
  template <class Value>
  void added(unsigned number, const Value& value) {
    put(number, value);
  }

  /// A SHA-256 in hex, in half as many bytes; any other text goes under the next number.
  void hash(unsigned number, const std::string& text);

  /// A blob key, without the id in it; one that does not hold it goes under the next number.
  void key(unsigned number, const std::string& text);

  template <class Value, class Fields>
  void object(unsigned number, const Value& value, const Fields& fields) {
    begin_bytes(number);
    const auto start = out_->size();
    fields(*this, value);
    end_bytes(start);
  }

  template <class Value, class Fields>
  void object(unsigned number, const std::optional<Value>& value, const Fields& fields) {
    if (value) object(number, *value, fields);
  }

  template <class Value, class Fields>
  void list(unsigned number, const std::vector<Value>& values, const Fields& fields) {
    for (const auto& value : values)
      object(number, value, fields);
  }

 private:
  template <class Value>
  void put(unsigned number, const std::optional<Value>& value) {
    if (value) put(number, *value);
  }
  template <class Value>
  requires std::unsigned_integral<Value> || std::is_enum_v<Value>
  void put(unsigned number, Value value) {
    put_tag(number, WireType::varint);
    put_varint(static_cast<std::uint64_t>(value));
  }
  template <std::signed_integral Value>
  void put(unsigned number, Value value) {
    put_tag(number, WireType::varint);
    put_varint(zigzag(value));
  }
  void put(unsigned number, double value);
  void put(unsigned number, jobs::Timestamp value) {
    put(number, value.time_since_epoch().count());
  }
  void put(unsigned number, jobs::Colour value);
  void put(unsigned number, const jobs::JobId& value);
  void put(unsigned number, const std::string& value) { put_bytes(number, value); }

  void put_bytes(unsigned number, std::string_view bytes);
  void put_tag(unsigned number, WireType type);
  void put_varint(std::uint64_t value) {
    // Nearly all are numbers of fields and lengths of short texts, and take one byte.
    if (value < 0x80U) {
      out_->push_back(static_cast<char>(value));
    } else {
      put_long_varint(value);
    }
  }
  void put_long_varint(std::uint64_t value);
  /// Leaves one byte for the length of what follows, which is enough for nearly all.
  void begin_bytes(unsigned number);
  void end_bytes(std::size_t start);

  std::string* out_;
  std::string_view id_;
};

}  // namespace darkroom::persistence
