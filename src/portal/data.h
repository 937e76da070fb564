#pragma once

// What a template is given to show: texts, trusted HTML, flags, lists and named fields. A template
// can reach nothing else: no database, no file, no function (promises.md §4.6).

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace portal {

/// Markup that the house itself has made or cleaned. The only value that is not escaped, and only
/// C++ can make one: a template has no way to switch escaping off.
struct Html {
    std::string bytes;
};

class Data;

/// Named fields. Names are string literals, so keeping views of them is safe.
class Fields {
public:
    Fields() = default;
    Fields(std::initializer_list<std::pair<std::string_view, Data>> fields);

    void set(std::string_view name, Data value);
    const Data* find(std::string_view name) const;

private:
    std::vector<std::pair<std::string_view, Data>> fields_;
};

using List = std::vector<Data>;

class Data {
public:
    Data(bool value)
        : value_(value)
    {
    }
    Data(std::string value)
        : value_(std::move(value))
    {
    }
    Data(std::string_view value)
        : value_(std::string(value))
    {
    }
    Data(const char* value)
        : value_(std::string(value))
    {
    }
    Data(std::int64_t value)
        : value_(std::to_string(value))
    {
    }
    Data(int value)
        : value_(std::to_string(value))
    {
    }
    Data(Html value)
        : value_(std::move(value))
    {
    }
    Data(List value)
        : value_(std::move(value))
    {
    }
    Data(Fields value)
        : value_(std::move(value))
    {
    }

    /// An empty text, an empty list and false count as nothing.
    bool is_something() const;
    const std::string* text() const { return std::get_if<std::string>(&value_); }
    const Html* html() const { return std::get_if<Html>(&value_); }
    const List* list() const { return std::get_if<List>(&value_); }
    const Fields* fields() const { return std::get_if<Fields>(&value_); }

private:
    std::variant<bool, std::string, Html, List, Fields> value_;
};

} // namespace portal
