#pragma once

/// Stands before a function whose plain loops gain from wider registers: it is compiled once for
/// AVX2 and once for every CPU of its kind, and the loader picks. Integer arithmetic gives the same
/// results in both. Sanitizers run before the loader has picked, so they get the plain one.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && \
    !defined(DARKROOM_SANITIZED)
#define DARKROOM_VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define DARKROOM_VECTORISED
#endif
