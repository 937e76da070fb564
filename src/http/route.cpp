#include "http/route.h"

#include <array>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>

namespace http {

namespace {

constexpr std::size_t method_count = 6;

/// One {parameter} segment; text before and after it belongs to the pattern: "item-{id}.html".
struct Shape {
    std::string prefix;
    std::string suffix;

    bool operator==(const Shape&) const = default;
    bool fits(std::string_view segment) const
    {
        return segment.size() > prefix.size() + suffix.size() && segment.starts_with(prefix)
               && segment.ends_with(suffix);
    }
    bool covers(const Shape& other) const
    {
        return other.prefix.starts_with(prefix) && other.suffix.ends_with(suffix);
    }
    bool overlaps(const Shape& other) const
    {
        return (prefix.starts_with(other.prefix) || other.prefix.starts_with(prefix))
               && (suffix.ends_with(other.suffix) || other.suffix.ends_with(suffix));
    }
};

struct Leaf {
    std::size_t route = 0;
    std::vector<std::string> names; // Of its parameters, in order.
};
using Leaves = std::array<std::optional<Leaf>, method_count>;

[[noreturn]] void refuse_pattern(std::string_view pattern, std::string_view why)
{
    throw std::logic_error(fmt::format("Route pattern {}: {}", pattern, why));
}

std::string_view take_segment(std::string_view& rest)
{
    const auto end = std::min(rest.find('/'), rest.size());
    const auto segment = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return segment;
}

/// "GET, HEAD, POST".
std::string list_of(std::array<bool, method_count> methods)
{
    methods[static_cast<std::size_t>(Method::Head)] |=
        methods[static_cast<std::size_t>(Method::Get)];
    std::string list;
    for (std::size_t i = 0; i < method_count; ++i) {
        if (!methods.at(i))
            continue;
        list += list.empty() ? "" : ", ";
        list += to_string(static_cast<Method>(i));
    }
    return list;
}

} // namespace

struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::vector<std::pair<Shape, std::unique_ptr<Node>>> shapes; // The narrower first.
    Leaves here;
    Leaves rest;

    Node& child(
        std::string_view pattern, std::string_view segment, std::vector<std::string>& names);
    Node& shaped_child(std::string_view pattern, const Shape& shape);

    /// Calls `found(leaves, values)` for each fitting pattern, best first, until it returns true.
    template <typename Found>
    bool visit(
        std::string_view path, bool ended, std::vector<std::string_view>& values,
        const Found& found) const;
};

Router::Node& Router::Node::child(
    std::string_view pattern, std::string_view segment, std::vector<std::string>& names)
{
    const auto open = segment.find('{');
    const auto close = segment.find('}');
    if (open == std::string_view::npos && close == std::string_view::npos) {
        auto& next = literals[std::string(segment)];
        if (!next)
            next = std::make_unique<Node>();
        return *next;
    }
    if (open == std::string_view::npos || close == std::string_view::npos || close < open + 2
        || segment.find('{', open + 1) != std::string_view::npos)
        refuse_pattern(pattern, "one {parameter} a segment, closed and with a name");
    names.emplace_back(segment.substr(open + 1, close - open - 1));
    return shaped_child(
        pattern, {std::string(segment.substr(0, open)), std::string(segment.substr(close + 1))});
}

Router::Node& Router::Node::shaped_child(std::string_view pattern, const Shape& shape)
{
    for (auto& [other, node] : shapes) {
        if (other == shape)
            return *node;
        if (shape.overlaps(other) && !shape.covers(other) && !other.covers(shape))
            refuse_pattern(pattern, "two parameters here fit the same segment");
    }
    auto at = shapes.begin();
    while (at != shapes.end() && !at->first.covers(shape))
        ++at;
    return *shapes.emplace(at, shape, std::make_unique<Node>())->second;
}

template <typename Found>
bool Router::Node::visit(
    std::string_view path, bool ended, std::vector<std::string_view>& values,
    const Found& found) const
{
    if (ended)
        return found(here, values);
    const auto whole = path;
    const bool last = path.find('/') == std::string_view::npos;
    const auto segment = take_segment(path);
    if (const auto literal = literals.find(segment); literal != literals.end()) {
        if (literal->second->visit(path, last, values, found))
            return true;
    }
    for (const auto& [shape, node] : shapes) {
        if (!shape.fits(segment))
            continue;
        values.push_back(segment.substr(
            shape.prefix.size(), segment.size() - shape.prefix.size() - shape.suffix.size()));
        if (node->visit(path, last, values, found))
            return true;
        values.pop_back();
    }
    values.push_back(whole);
    const bool done = found(rest, values);
    values.pop_back();
    return done;
}

Router::Router(Routes routes)
    : routes_(std::move(routes))
{
    auto root = std::make_shared<Node>();
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        const auto pattern = routes_[i].pattern;
        if (!pattern.starts_with('/'))
            refuse_pattern(pattern, "must start with /");
        Leaf leaf{i, {}};
        Node* node = root.get();
        Leaves* leaves = nullptr;
        auto rest = pattern.substr(1);
        bool last = false;
        while (!last) {
            last = rest.find('/') == std::string_view::npos;
            const auto segment = take_segment(rest);
            const bool takes_rest = segment.starts_with('{') && segment.ends_with("*}");
            if (takes_rest && (!last || segment.size() < 4))
                refuse_pattern(pattern, "{name*} stands last");
            if (takes_rest)
                leaf.names.emplace_back(segment.substr(1, segment.size() - 3));
            else
                node = &node->child(pattern, segment, leaf.names);
            leaves = takes_rest ? &node->rest : &node->here;
        }
        auto& place = leaves->at(static_cast<std::size_t>(routes_[i].method));
        if (place)
            refuse_pattern(
                pattern, fmt::format("means the same as {}", routes_[place->route].pattern));
        place = std::move(leaf);
    }
    root_ = std::move(root);
}

Router::Match Router::find(Method method, std::string_view path) const
{
    Match match;
    if (!path.starts_with('/'))
        return match;
    const auto wanted = method == Method::Head ? Method::Get : method;
    std::array<bool, method_count> seen{};
    std::vector<std::string_view> values;
    const auto take = [&](const Leaves& leaves, const std::vector<std::string_view>& taken) {
        for (std::size_t i = 0; i < method_count; ++i)
            seen.at(i) = seen.at(i) || leaves.at(i).has_value();
        const auto& leaf = leaves.at(static_cast<std::size_t>(wanted));
        if (!leaf)
            return false;
        match.route = &routes_[leaf->route];
        for (std::size_t i = 0; i < leaf->names.size(); ++i)
            match.parameters.emplace_back(leaf->names[i], taken[i]);
        return true;
    };
    if (root_->visit(path.substr(1), false, values, take))
        return match;
    match.allowed = list_of(seen);
    match.other_method = !match.allowed.empty();
    return match;
}

std::string Router::allowed(std::string_view path) const
{
    std::array<bool, method_count> seen{};
    std::vector<std::string_view> values;
    const auto note = [&](const Leaves& leaves, const std::vector<std::string_view>&) {
        for (std::size_t i = 0; i < method_count; ++i)
            seen.at(i) = seen.at(i) || leaves.at(i).has_value();
        return false;
    };
    if (path.starts_with('/'))
        root_->visit(path.substr(1), false, values, note);
    return list_of(seen);
}

} // namespace http
