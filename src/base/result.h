#pragma once

// How a function says "no".
//
// A Result is for refusals that a caller is expected to handle: the item does not exist, the rule
// forbids it, the input is malformed. Failures that nobody above can handle (the database is gone,
// the disk is full) are exceptions, caught only at a request, a job, or main. A broken invariant is
// neither: it is VERIFY, in assert.h.

#include <string>
#include <tl/expected.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace base {

/// One field of a form that does not fit, in the reader's language.
struct FieldError {
    std::string field;   // The name in the request: "title", "columns[0]".
    std::string message; // What to do about it: "标题不能为空".
};

struct Error {
    /// What the caller may do about it. http/ maps kinds, and only kinds, to statuses.
    enum class Kind { Invalid, Unauthenticated, Forbidden, NotFound, Conflict, Limited };

    Kind kind;
    std::string code;    // Stable and machine-readable: "library.item_not_found".
    std::string message; // For people, in Simplified Chinese: what is wrong and what to do.
    std::vector<FieldError> fields = {};
};

template <typename T = void>
using Result = tl::expected<T, Error>;

/// Turns an Error into the failing side of any Result.
inline tl::unexpected<Error> refuse(Error::Kind kind, std::string code, std::string message)
{
    return tl::unexpected(Error{kind, std::move(code), std::move(message), {}});
}

/// The same for a form: every field that does not fit at once.
inline tl::unexpected<Error> refuse_fields(std::string code, std::vector<FieldError> fields)
{
    std::string message;
    for (const auto& field : fields) {
        if (!message.empty())
            message += "；";
        message += field.message;
    }
    return tl::unexpected(
        Error{Error::Kind::Invalid, std::move(code), std::move(message), std::move(fields)});
}

namespace detail {

template <typename T>
T take_value(tl::expected<T, Error>&& result)
{
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

} // namespace detail
} // namespace base

/// The value of a Result, or an early return of its error. Not for coroutines: GCC 12 fails to
/// compile a statement expression around co_await. Do not nest one TRY in another.
#define TRY(...)                                                                                   \
    __extension__({                                                                                \
        auto&& try_result_ = (__VA_ARGS__);                                                        \
        static_assert(!std::is_lvalue_reference_v<decltype(try_result_)>);                         \
        if (!try_result_.has_value()) [[unlikely]]                                                 \
            return tl::unexpected(std::move(try_result_).error());                                 \
        ::base::detail::take_value(std::move(try_result_));                                        \
    })
