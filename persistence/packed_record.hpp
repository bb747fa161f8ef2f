#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "jobs/job_id.hpp"
#include "persistence/field_reader.hpp"
#include "persistence/field_writer.hpp"
#include "persistence/job_record.hpp"

// The form that the store's records share. Each is one message: the schema version in field 1, the
// id in field 2, everything else in field 3. A description of fields serves for writing and for
// reading: it is called with a FieldWriter and a constant value, or with a FieldReader and a value
// to be filled.
//
// A member that is added later gets the highest number of its message plus one, last; with added()
// unless what it is in older records is zero, empty or none. Where a member goes, so does its
// number, for good. Either way the schema version goes up (job_record.hpp).

namespace darkroom::persistence {

namespace record_field {
inline constexpr unsigned schema = 1;
inline constexpr unsigned id = 2;
inline constexpr unsigned body = 3;
}  // namespace record_field

/// What is wrong with a schema version, if anything is.
[[nodiscard]] std::optional<std::string> wrong_schema(std::int64_t schema);

template <class Value, class Fields>
[[nodiscard]] std::string pack_record(const Value& value, const Fields& fields) {
  constexpr std::size_t usual_size = 768;
  std::string record;
  record.reserve(usual_size);
  const auto id = value.id.to_string();
  FieldWriter writer{record, id};
  writer.field(record_field::schema, job_record_schema);
  writer.field(record_field::id, value.id);
  writer.object(record_field::body, value, fields);
  return record;
}

template <class Value, class Fields>
[[nodiscard]] tl::expected<Value, std::string> unpack_record(std::string_view record,
                                                             const Fields& fields) {
  std::optional<std::string> problem;
  std::int64_t schema = 0;
  jobs::JobId id;
  FieldReader head{record, "", "", problem};
  head.field(record_field::schema, schema);
  if (!problem) problem = wrong_schema(schema);
  head.field(record_field::id, id);
  const auto id_text = id.to_string();
  Value value{};
  FieldReader body{record, "", id_text, problem};
  body.object(record_field::body, value, fields);
  body.finish();
  if (problem) return tl::unexpected{std::move(*problem)};
  value.id = id;
  return value;
}

}  // namespace darkroom::persistence
