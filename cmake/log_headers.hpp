#pragma once

// To be precompiled for what writes a log.

#include <fmt/format.h>
#include <spdlog/spdlog.h>

// It is in libfmt. Without this every file that logs compiles all of formatting anew, for seconds.
FMT_BEGIN_NAMESPACE
namespace detail {
extern template void vformat_to<char>(buffer<char>&, string_view, basic_format_args<format_context>,
                                      locale_ref);
}
FMT_END_NAMESPACE
