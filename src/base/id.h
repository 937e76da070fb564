#pragma once

// Strong identifiers: a ColumnId never stands where a SiteId is meant. Inside the house ids are
// 64-bit integers; 0 means "none". What a citizen sees or could guess at is random (random.h).

#include <compare>
#include <cstdint>
#include <functional>

namespace base {

template <typename Tag>
struct Id {
    std::int64_t value = 0;

    friend auto operator<=>(const Id&, const Id&) = default;
    explicit operator bool() const { return value != 0; }
};

using UserId = Id<struct User>;
using OrgId = Id<struct Org>;
using SiteId = Id<struct Site>;
using ColumnId = Id<struct Column>;
using ItemId = Id<struct Item>;

} // namespace base

template <typename Tag>
struct std::hash<base::Id<Tag>> {
    std::size_t operator()(base::Id<Tag> id) const noexcept
    {
        return std::hash<std::int64_t>()(id.value);
    }
};
