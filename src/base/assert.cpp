#include "base/assert.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>

namespace base {
namespace {

std::atomic<OnBrokenInvariant> reaction = OnBrokenInvariant::Abort;

} // namespace

void on_broken_invariant(OnBrokenInvariant wanted) { reaction = wanted; }

void verification_failed(const char* condition, const char* file, int line)
{
    const auto message = fmt::format("{}:{}: VERIFY({}) failed", file, line, condition);
    if (reaction == OnBrokenInvariant::Throw)
        throw BrokenInvariant(message);
    std::fprintf(stderr, "%s\n", message.c_str());
    std::abort();
}

} // namespace base
