#include "publish/intake/docx_parts.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace intake {
namespace {

/// "heading 2", "标题 2" and "Heading2" as 2; 0 when it is no heading.
int heading_in_name(std::string_view name)
{
    std::string folded;
    for (const char c : name)
        if (c != ' ')
            folded += (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
    for (const std::string_view prefix : {"heading", "标题"}) {
        const auto rest = std::string_view(folded);
        if (rest.starts_with(prefix) && rest.size() == prefix.size() + 1 && rest.back() >= '1'
            && rest.back() <= '6')
            return rest.back() - '0';
    }
    return 0;
}

std::string formatted(int number, std::string_view format)
{
    if (format.find("hinese") != std::string_view::npos || format.starts_with("ideograph")
        || format == "taiwaneseCounting" || format == "japaneseCounting")
        return chinese_numeral(number);
    if (format == "upperLetter" || format == "lowerLetter")
        return std::string(
            1, static_cast<char>((format.front() == 'u' ? 'A' : 'a') + (number - 1) % 26));
    return std::to_string(number);
}

} // namespace

base::Result<pugi::xml_document> parse_part(const std::string& xml)
{
    constexpr std::size_t PART_BYTES_MAX = 32UL * 1024 * 1024;
    pugi::xml_document document;
    const bool declares =
        xml.find("<!DOCTYPE") != std::string::npos || xml.find("<!ENTITY") != std::string::npos;
    // pugixml resolves no entities but the five of XML and reads no external ones.
    const bool read = xml.size() <= PART_BYTES_MAX && !declares
                      && document.load_buffer(
                          xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata);
    if (!read)
        return base::refuse(
            base::Error::Kind::Invalid, "intake.broken_archive",
            "文件已经损坏，无法打开，请用办公软件重新保存后再导入。");
    return document;
}

std::string_view local_name(const pugi::xml_node& node)
{
    const std::string_view name = node.name();
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child_of(const pugi::xml_node& node, std::string_view name)
{
    for (const auto& child : node.children())
        if (local_name(child) == name)
            return child;
    return {};
}

std::string_view value_of(const pugi::xml_node& node, std::string_view attribute)
{
    for (const auto& each : node.attributes()) {
        const std::string_view name = each.name();
        const auto colon = name.find(':');
        if ((colon == std::string_view::npos ? name : name.substr(colon + 1)) == attribute)
            return each.value();
    }
    return {};
}

int number_of(const pugi::xml_node& node, int otherwise, std::string_view attribute)
{
    const auto text = value_of(node, attribute);
    int value = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string chinese_numeral(int number)
{
    static constexpr std::string_view ONES[] = {"",   "一", "二", "三", "四",
                                                "五", "六", "七", "八", "九"};
    if (number <= 0 || number > 99)
        return std::to_string(number);
    std::string out;
    if (number >= 20)
        out += ONES[number / 10];
    if (number >= 10)
        out += "十";
    return out + std::string(ONES[number % 10]);
}

std::map<std::string, Style> read_styles(const pugi::xml_node& styles)
{
    std::map<std::string, Style> out;
    for (const auto& node : styles.children()) {
        if (local_name(node) != "style" || value_of(node, "type") != "paragraph")
            continue;
        Style style;
        const auto name = value_of(child_of(node, "name"));
        style.heading = heading_in_name(name);
        style.title = name == "Title" || name == "标题";
        const auto properties = child_of(node, "pPr");
        const auto outline = number_of(child_of(properties, "outlineLvl"), -1);
        if (style.heading == 0 && outline >= 0 && outline < 6 && !style.title)
            style.heading = outline + 1;
        if (const auto numbering = child_of(properties, "numPr")) {
            style.numbering = value_of(child_of(numbering, "numId"));
            style.level = number_of(child_of(numbering, "ilvl"), 0);
        }
        out.emplace(value_of(node, "styleId"), std::move(style));
    }
    return out;
}

void Numbers::read(const pugi::xml_node& numbering)
{
    for (const auto& node : numbering.children()) {
        if (local_name(node) == "abstractNum") {
            auto& levels = abstract_[std::string(value_of(node, "abstractNumId"))];
            for (const auto& level : node.children()) {
                const auto at = number_of(level, -1, "ilvl");
                if (local_name(level) != "lvl" || at < 0 || at >= static_cast<int>(LEVELS))
                    continue;
                levels[static_cast<std::size_t>(at)] = NumberLevel{
                    std::string(value_of(child_of(level, "numFmt"))),
                    std::string(value_of(child_of(level, "lvlText"))),
                    number_of(child_of(level, "start"), 1)};
            }
        } else if (local_name(node) == "num") {
            lists_[std::string(value_of(node, "numId"))] =
                value_of(child_of(node, "abstractNumId"));
        }
    }
}

const NumberLevel* Numbers::find(const std::string& list, int level) const
{
    const auto entry = lists_.find(list);
    if (entry == lists_.end() || level < 0 || level >= static_cast<int>(LEVELS))
        return nullptr;
    const auto levels = abstract_.find(entry->second);
    return levels == abstract_.end() ? nullptr : &levels->second[static_cast<std::size_t>(level)];
}

bool Numbers::is_bullet(const std::string& list, int level) const
{
    const auto* found = find(list, level);
    return found != nullptr && found->format == "bullet";
}

std::string Numbers::next(const std::string& list, int level)
{
    const auto* found = find(list, level);
    if (found == nullptr || found->format == "bullet" || found->format == "none")
        return {};
    auto& counts = counts_[list];
    const auto at = static_cast<std::size_t>(level);
    counts[at] = counts[at] == 0 ? found->start : counts[at] + 1;
    std::fill(counts.begin() + static_cast<std::ptrdiff_t>(at) + 1, counts.end(), 0);
    std::string out;
    for (std::size_t i = 0; i < found->text.size(); ++i) {
        const bool place = found->text[i] == '%' && i + 1 < found->text.size()
                           && found->text[i + 1] >= '1' && found->text[i + 1] <= '9';
        if (!place) {
            out += found->text[i];
            continue;
        }
        const auto which = static_cast<std::size_t>(found->text[++i] - '1');
        const auto* of = find(list, static_cast<int>(which));
        out += formatted(std::max(counts[which], 1), of == nullptr ? "decimal" : of->format);
    }
    return out;
}

} // namespace intake
