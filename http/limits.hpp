#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// What the HTTP server takes of a client, beyond the settings in options.hpp. None of these needs
/// to be set by an operator; each is here so that all can be seen together.
namespace darkroom::http::limits {

inline constexpr std::size_t kib = 1'024;

/// Of one request's header.
inline constexpr std::size_t head_bytes = 64 * kib;
inline constexpr std::size_t request_line_bytes = 8 * kib;
inline constexpr std::size_t fields = 100;

/// Of a chunked body (RFC 9112, section 7.1): a line that is no data, and all trailers.
inline constexpr std::size_t framing_line_bytes = 4 * kib;
inline constexpr std::size_t trailer_bytes = 8 * kib;

/// A body is read in pieces of so many bytes.
inline constexpr std::size_t body_piece_bytes = 64 * kib;

/// Of a form (RFC 2046, RFC 7578).
inline constexpr std::size_t form_parts = 16;
inline constexpr std::size_t part_header_bytes = 8 * kib;
inline constexpr std::size_t boundary_bytes = 70;           ///< RFC 2046, section 5.1.1.
inline constexpr std::size_t boundary_padding_bytes = 128;  ///< Which some gateways add.
inline constexpr std::size_t form_field_bytes = 4 * kib;    ///< But for those that follow.
inline constexpr std::size_t renditions_bytes = 32 * kib;   ///< Of the field `renditions`.
inline constexpr std::size_t metadata_levels = 8;           ///< Objects and lists in each other.
inline constexpr std::size_t idempotency_key_bytes = 255;   ///< Without its quotes.
/// Of a JSON body that names its picture's source.
inline constexpr std::size_t source_request_bytes = 64 * kib;
/// Room for boundaries, part headers and small fields beside the file.
inline constexpr std::uint64_t form_overhead_bytes = 64 * kib;

/// After a refusal, while the client may still be sending; see ClientSocket::linger().
inline constexpr std::chrono::milliseconds linger_silence{2'000};
inline constexpr std::chrono::milliseconds linger_total{15'000};
inline constexpr std::chrono::milliseconds slow_linger_total{500};
inline constexpr std::size_t linger_bytes = kib * kib * kib;

/// Connections above Options::max_connections; see TurnedAway.
inline constexpr std::chrono::seconds farewell_time{1};
inline constexpr std::size_t farewells_at_once = 64;

/// What a connection that stop() cuts off has to write its last answer.
inline constexpr std::chrono::milliseconds last_words{250};

/// /readyz tries the store of files no more often, however many ask.
inline constexpr std::chrono::milliseconds store_check_interval{1'000};

/// Of a trouble that meets every request, one line is logged so often.
inline constexpr std::chrono::seconds log_interval{10};

/// How long a thread without a connection waits for one before it ends.
inline constexpr std::chrono::seconds idle_thread_time{10};

}  // namespace darkroom::http::limits
