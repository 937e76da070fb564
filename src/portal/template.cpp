#include "portal/template.h"

#include "base/assert.h"
#include "portal/html_place.h"
#include "portal/markup.h"

#include <algorithm>
#include <stdexcept>

namespace portal {

struct TemplateSet::Program {
    enum class Kind { Literal, Value, Section, Inverted, Partial };
    struct Node {
        Kind kind = Kind::Literal;
        HtmlPlace::Kind place = HtmlPlace::Kind::Text;
        std::string text;              // Literal, or the partial's name.
        std::vector<std::string> path; // "a.b" → {"a", "b"}; "." → {}.
        std::size_t end = 0;           // Section: the node after its last.
        const Program* target = nullptr;
        std::size_t line = 0;
    };
    std::vector<Node> nodes;
};

namespace {

using Program = TemplateSet::Program;
using Node = Program::Node;

/// Indentation is for the author, not for the wire: a line break and the blanks around it become
/// one line break.
std::string without_indentation(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\n') {
            out += text[i];
            continue;
        }
        while (!out.empty() && (out.back() == ' ' || out.back() == '\n'))
            out.pop_back();
        out += '\n';
        while (i + 1 < text.size() && (text[i + 1] == ' ' || text[i + 1] == '\n'))
            ++i;
    }
    return out;
}

std::vector<std::string> path_from(std::string_view name)
{
    std::vector<std::string> path;
    if (name == ".")
        return path;
    while (true) {
        const auto dot = name.find('.');
        path.emplace_back(name.substr(0, dot));
        if (dot == std::string_view::npos)
            return path;
        name.remove_prefix(dot + 1);
    }
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

bool is_name(std::string_view name)
{
    static constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789_./-";
    return !name.empty() && name.find_first_not_of(allowed) == std::string_view::npos
           && name.find("..") == std::string_view::npos && !name.starts_with('/');
}

/// Turns one source into a program. Used once.
class Compiler {
public:
    explicit Compiler(std::string_view source)
        : source_(source)
    {
    }

    base::Result<Program> compile()
    {
        while (at_ < source_.size()) {
            const auto open = std::min(source_.find("{{", at_), source_.size());
            TRY(take_literal(source_.substr(at_, open - at_)));
            at_ = open;
            if (open == source_.size())
                break;
            const auto close = source_.find("}}", open);
            if (close == std::string_view::npos)
                return refusal("“{{”没有配对的“}}”");
            TRY(take_tag(source_.substr(open + 2, close - open - 2)));
            at_ = close + 2;
        }
        if (!open_.empty())
            return refusal("区块 {{#" + open_.back().name + "}} 没有结束");
        if (!(place_ == HtmlPlace()))
            return refusal("模板结束时标签、属性或注释没有写完");
        return std::move(program_);
    }

private:
    struct Open {
        std::size_t node;
        std::string name;
        HtmlPlace place;
    };

    tl::unexpected<base::Error> refusal(const std::string& what) const
    {
        const auto line =
            1 + std::count(source_.begin(), source_.begin() + static_cast<long>(at_), '\n');
        return base::refuse(
            base::Error::Kind::Invalid, "portal.template_invalid",
            "第 " + std::to_string(line) + " 行：" + what);
    }

    base::Result<> take_literal(std::string_view text)
    {
        if (text.empty())
            return {};
        if (auto fault = place_.read(text))
            return refusal(*fault);
        auto& node = program_.nodes.emplace_back();
        node.text = without_indentation(text);
        return {};
    }

    base::Result<> take_tag(std::string_view tag)
    {
        const char mark = tag.empty() ? ' ' : tag.front();
        if (mark == '!')
            return {};
        const bool marked = std::string_view("#^/>").find(mark) != std::string_view::npos;
        const auto name = trimmed(marked ? tag.substr(1) : tag);
        if (!is_name(name))
            return refusal("名称“" + std::string(name) + "”只能用小写字母、数字、点、横线和下划线");
        switch (mark) {
        case '#': return open_section(Program::Kind::Section, name);
        case '^': return open_section(Program::Kind::Inverted, name);
        case '/': return close_section(name);
        case '>': return take_partial(name);
        default: return take_value(name);
        }
    }

    base::Result<> open_section(Program::Kind kind, std::string_view name)
    {
        open_.push_back({program_.nodes.size(), std::string(name), place_});
        auto& node = program_.nodes.emplace_back();
        node.kind = kind;
        node.path = path_from(name);
        return {};
    }

    base::Result<> close_section(std::string_view name)
    {
        if (open_.empty() || open_.back().name != name)
            return refusal("{{/" + std::string(name) + "}} 与开始的区块不配对");
        if (!open_.back().place.fits(place_))
            return refusal("区块 " + std::string(name) + " 的开始和结束要在标签的同一位置");
        program_.nodes[open_.back().node].end = program_.nodes.size();
        open_.pop_back();
        return {};
    }

    base::Result<> take_partial(std::string_view name)
    {
        if (place_.kind() != HtmlPlace::Kind::Text)
            return refusal("局部模板只能写在标签之间");
        auto& node = program_.nodes.emplace_back();
        node.kind = Program::Kind::Partial;
        node.text = name;
        return {};
    }

    base::Result<> take_value(std::string_view name)
    {
        const auto where = place_.kind();
        if (where == HtmlPlace::Kind::Forbidden || where == HtmlPlace::Kind::Tag)
            return refusal("变量只能写在文字里或加引号的属性值里");
        auto& node = program_.nodes.emplace_back();
        node.kind = Program::Kind::Value;
        node.place = where;
        node.path = path_from(name);
        place_.put_value();
        return {};
    }

    std::string_view source_;
    std::size_t at_ = 0;
    HtmlPlace place_;
    std::vector<Open> open_;
    Program program_;
};

/// One rendering.
class Run {
public:
    explicit Run(const Fields& data) { frames_.push_back({nullptr, &data}); }

    void play(const Program& program, std::size_t begin, std::size_t end)
    {
        for (auto i = begin; i < end; ++i) {
            const auto& node = program.nodes[i];
            if (++steps_ > template_steps_max || out.size() > template_output_max)
                throw std::runtime_error("A page passed the limits of the template engine");
            switch (node.kind) {
            case Program::Kind::Literal: out += node.text; break;
            case Program::Kind::Value: put(node); break;
            case Program::Kind::Partial: play(*node.target, 0, node.target->nodes.size()); break;
            case Program::Kind::Inverted: {
                const auto* data = find(node.path);
                if (!data || !data->is_something())
                    play(program, i + 1, node.end);
                i = node.end - 1;
                break;
            }
            case Program::Kind::Section:
                play_section(program, i);
                i = node.end - 1;
                break;
            }
        }
    }

    std::string out;

private:
    struct Frame {
        const Data* data;
        const Fields* fields;
    };

    void play_section(const Program& program, std::size_t at)
    {
        const auto& node = program.nodes[at];
        const auto* data = find(node.path);
        if (!data || !data->is_something())
            return;
        if (const auto* entries = data->list()) {
            for (const auto& entry : *entries)
                play_with(entry, program, at + 1, node.end);
        } else {
            play_with(*data, program, at + 1, node.end);
        }
    }

    void play_with(const Data& data, const Program& program, std::size_t begin, std::size_t end)
    {
        frames_.push_back({&data, data.fields()});
        play(program, begin, end);
        frames_.pop_back();
    }

    const Data* find(const std::vector<std::string>& path) const
    {
        if (path.empty())
            return frames_.back().data;
        const Data* data = nullptr;
        for (auto frame = frames_.rbegin(); frame != frames_.rend() && !data; ++frame) {
            if (frame->fields)
                data = frame->fields->find(path.front());
        }
        for (std::size_t i = 1; data && i < path.size(); ++i)
            data = data->fields() ? data->fields()->find(path[i]) : nullptr;
        return data;
    }

    void put(const Node& node)
    {
        const auto* data = find(node.path);
        if (!data)
            return;
        if (const auto* markup = data->html()) {
            if (node.place == HtmlPlace::Kind::Text)
                out += markup->bytes;
            return;
        }
        const auto* words = data->text();
        if (!words)
            return;
        if (node.place == HtmlPlace::Kind::Address && !is_safe_address(*words))
            out += '#';
        else
            append_escaped(out, *words);
    }

    std::vector<Frame> frames_;
    std::size_t steps_ = 0;
};

using Programs = std::map<std::string, Program, std::less<>>;

/// Ties partials to their programs. Refuses unknown ones.
base::Result<> link(Programs& programs)
{
    for (auto& [name, program] : programs) {
        for (auto& node : program.nodes) {
            if (node.kind != Program::Kind::Partial)
                continue;
            const auto found = programs.find(node.text);
            if (found == programs.end())
                return base::refuse(
                    base::Error::Kind::Invalid, "portal.template_invalid",
                    name + ".html：没有局部模板 " + node.text);
            node.target = &found->second;
        }
    }
    return {};
}

/// How deep partials lie in partials; more than the limit for a circle.
std::size_t depth_of(const Program& program, std::size_t above)
{
    if (above > template_depth_max)
        return above;
    auto depth = above;
    for (const auto& node : program.nodes) {
        if (node.kind == Program::Kind::Partial)
            depth = std::max(depth, depth_of(*node.target, above + 1));
        if (depth > template_depth_max)
            return depth;
    }
    return depth;
}

} // namespace

base::Result<TemplateSet> TemplateSet::compile(const std::map<std::string, std::string>& sources)
{
    auto programs = std::make_shared<Programs>();
    for (const auto& [name, source] : sources) {
        auto program = Compiler(source).compile();
        if (!program) {
            auto error = program.error();
            error.message = name + ".html " + error.message;
            return tl::unexpected(std::move(error));
        }
        programs->emplace(name, std::move(*program));
    }
    TRY(link(*programs));
    for (const auto& [name, program] : *programs) {
        if (depth_of(program, 0) > template_depth_max)
            return base::refuse(
                base::Error::Kind::Invalid, "portal.template_invalid",
                name + ".html：局部模板嵌套太深或互相包含");
    }
    TemplateSet set;
    set.programs_ = std::move(programs);
    return set;
}

bool TemplateSet::has(std::string_view name) const
{
    return programs_ && programs_->find(name) != programs_->end();
}

std::string TemplateSet::render(std::string_view name, const Fields& data) const
{
    VERIFY(has(name));
    const auto& program = programs_->find(name)->second;
    Run run(data);
    run.out.reserve(32U << 10U);
    run.play(program, 0, program.nodes.size());
    return std::move(run.out);
}

} // namespace portal
