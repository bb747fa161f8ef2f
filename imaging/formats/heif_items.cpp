#include "imaging/formats/heif_items.hpp"

#include <algorithm>

#include "imaging/formats/byte_reader.hpp"

namespace darkroom::imaging {
namespace {

constexpr std::size_t version_and_flags = 4;  // Of every "full" box.

/// Hostile files list millions, and each costs a walk over the boxes; real ones have a handful.
constexpr int most_properties = 64;
constexpr int most_referring_items = 64;

std::uint32_t read_id(ByteReader& reader, bool wide) {
  return wide ? reader.u32_be() : reader.u16_be();
}

std::span<const std::byte> body_or_nothing(std::span<const std::byte> bytes,
                                           std::string_view type) {
  return find_box(bytes, type).value_or(std::span<const std::byte>{});
}

}  // namespace

std::optional<HeifItems> HeifItems::of(std::span<const std::byte> file) {
  const auto meta = find_box(file, "meta");
  if (!meta || meta->size() < version_and_flags) return std::nullopt;
  const auto boxes = meta->subspan(version_and_flags);
  const auto primary = find_box(boxes, "pitm");
  if (!primary) return std::nullopt;
  ByteReader reader(*primary);
  const bool wide = reader.u8() != 0;
  reader.skip(3);
  HeifItems items;
  items.primary_ = read_id(reader, wide);
  if (!reader.ok()) return std::nullopt;
  items.infos_ = body_or_nothing(boxes, "iinf");
  items.locations_ = body_or_nothing(boxes, "iloc");
  items.inner_data_ = body_or_nothing(boxes, "idat");
  items.references_ = body_or_nothing(boxes, "iref");
  items.associations_ = body_or_nothing(boxes, "iprp");
  items.properties_ = body_or_nothing(items.associations_, "ipco");
  return items;
}

void HeifItems::visit_types(const std::function<bool(Id, std::string_view)>& visit) const {
  ByteReader list(infos_);
  const bool wide_count = list.u8() != 0;
  list.skip(3);
  read_id(list, wide_count);
  if (!list.ok()) return;
  IsoBoxes infos(infos_.subspan(list.position()));
  while (const auto info = infos.next()) {
    ByteReader reader(info->body);
    const std::uint8_t version = reader.u8();
    reader.skip(3);
    const bool wide = version >= 3;
    const Id id = read_id(reader, wide);
    reader.skip(2);  // Protection.
    if (reader.remaining() < 4 || version < 2) continue;
    if (!visit(id, as_text(info->body.subspan(reader.position(), 4)))) return;
  }
}

std::string_view HeifItems::type(Id item) const {
  std::string_view found;
  visit_types([&](Id id, std::string_view type) {
    if (id == item) found = type;
    return id != item;
  });
  return found;
}

std::optional<std::vector<HeifItems::Id>> HeifItems::all_of_type(std::string_view wanted,
                                                                 std::size_t most) const {
  std::vector<Id> found;
  visit_types([&](Id id, std::string_view type) {
    if (type == wanted) found.push_back(id);
    return found.size() <= most;
  });
  if (found.size() > most) return std::nullopt;
  std::sort(found.begin(), found.end());
  return found;
}

std::optional<IsoBox> HeifItems::property(std::uint32_t index) const {
  IsoBoxes boxes(properties_);
  auto box = boxes.next();
  for (std::uint32_t i = 1; box && i < index; ++i)
    box = boxes.next();
  return box;
}

void HeifItems::visit_properties(Id item, const std::function<void(const IsoBox&)>& visit) const {
  int visited = 0;
  IsoBoxes boxes(associations_);
  while (const auto box = boxes.next()) {
    if (box->type != "ipma") continue;
    ByteReader reader(box->body);
    const bool wide_ids = reader.u8() != 0;
    reader.skip(2);
    const bool wide_indices = (reader.u8() & 1U) != 0;
    const std::uint32_t entries = reader.u32_be();
    for (std::uint32_t i = 0; i < entries && reader.ok(); ++i) {
      const Id id = read_id(reader, wide_ids);
      const std::uint32_t count = reader.u8();
      for (std::uint32_t j = 0; j < count && reader.ok(); ++j) {
        // The highest bit says that the property is essential.
        const std::uint32_t index = wide_indices ? reader.u16_be() & 0x7FFFU : reader.u8() & 0x7FU;
        if (id != item || index == 0 || !reader.ok()) continue;
        if (++visited > most_properties) return;
        if (const auto found = property(index)) visit(*found);
      }
    }
  }
}

void HeifItems::visit_references(std::string_view reference,
                                 const std::function<void(Id, Id)>& visit) const {
  if (references_.size() < version_and_flags) return;
  const bool wide = references_.front() != std::byte{0};
  IsoBoxes boxes(references_.subspan(version_and_flags));
  while (const auto box = boxes.next()) {
    if (box->type != reference) continue;
    ByteReader reader(box->body);
    const Id from = read_id(reader, wide);
    const std::uint32_t count = reader.u16_be();
    for (std::uint32_t i = 0; i < count; ++i) {
      const Id to = read_id(reader, wide);
      if (!reader.ok()) break;
      visit(from, to);
    }
  }
}

std::optional<HeifItems::Id> HeifItems::referred_by(Id item, std::string_view reference) const {
  std::optional<Id> first;
  visit_references(reference, [&](Id from, Id to) {
    if (from == item && !first) first = to;
  });
  return first;
}

void HeifItems::visit_referring(Id item, std::string_view reference,
                                const std::function<void(Id)>& visit) const {
  int visited = 0;
  visit_references(reference, [&](Id from, Id to) {
    if (to == item && ++visited <= most_referring_items) visit(from);
  });
}

}  // namespace darkroom::imaging
