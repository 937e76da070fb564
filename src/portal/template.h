#pragma once

// Logic-less templates in the mustache notation, compiled once when a theme is loaded:
//
//   {{name}} {{a.b}}   a value, always escaped for the place where it stands
//   {{#name}}…{{/name}} once per entry of a list, once for anything else that is something
//   {{^name}}…{{/name}} when it is nothing
//   {{>part/paging}}    another template of the same theme
//   {{! words }}        a comment
//
// The compiler follows the HTML around each tag. A value may stand in text or in a quoted attribute
// and nowhere else; where an attribute holds an address, an unsafe one becomes "#". Inline scripts,
// inline styles and on… handlers are refused, so every page fits the content security policy
// (promises.md row 46). Triple braces and partials from outside the theme do not exist.

#include "base/result.h"
#include "portal/data.h"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace portal {

inline constexpr std::size_t template_depth_max = 16;         // Partials in partials.
inline constexpr std::size_t template_output_max = 8U << 20U; // Bytes of one page.
inline constexpr std::size_t template_steps_max = 1'000'000;  // Nodes visited for one page.

/// All templates of one theme. Immutable once compiled, so any number of threads may render.
class TemplateSet {
public:
    /// `sources`: name ("part/paging") → text. Refuses with portal.template_invalid, naming the
    /// file and the line.
    static base::Result<TemplateSet> compile(const std::map<std::string, std::string>& sources);

    bool has(std::string_view name) const;

    /// Requires: has(name). Throws std::runtime_error when a limit is passed.
    std::string render(std::string_view name, const Fields& data) const;

    struct Program; // Only template.cpp looks inside.

private:
    std::shared_ptr<const std::map<std::string, Program, std::less<>>> programs_;
};

} // namespace portal
