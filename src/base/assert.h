#pragma once

#include <stdexcept>

/// States an invariant, in every build type. A violation aborts in tests and debug builds; in a
/// server it throws base::BrokenInvariant, so that one bad row costs one page and not the city.
#define VERIFY(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) [[unlikely]]                                                             \
            ::base::verification_failed(#condition, __FILE__, __LINE__);                           \
    } while (false)

namespace base {

struct BrokenInvariant : std::logic_error {
    using std::logic_error::logic_error;
};

enum class OnBrokenInvariant { Abort, Throw };

/// What VERIFY does from now on in this process. The default is Abort; `huabiao serve` sets Throw.
void on_broken_invariant(OnBrokenInvariant);

[[noreturn]] void verification_failed(const char* condition, const char* file, int line);

} // namespace base
