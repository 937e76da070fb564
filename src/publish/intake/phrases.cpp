#include "publish/intake/phrases.h"

#include "text/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace intake {
namespace {

using text::trim;

template <std::size_t N>
bool ends_with_any(std::string_view line, const std::array<std::string_view, N>& endings)
{
    return std::any_of(
        endings.begin(), endings.end(), [&](auto ending) { return line.ends_with(ending); });
}

template <std::size_t N>
bool contains_any(std::string_view line, const std::array<std::string_view, N>& words)
{
    return std::any_of(words.begin(), words.end(), [&](auto word) {
        return line.find(word) != std::string_view::npos;
    });
}

template <std::size_t N>
bool strip_prefix(std::string_view& line, const std::array<std::string_view, N>& prefixes)
{
    for (const auto prefix : prefixes) {
        if (line.starts_with(prefix)) {
            line.remove_prefix(prefix.size());
            return true;
        }
    }
    return false;
}

constexpr std::array<std::string_view, 2> OPENING = {"（", "("};
constexpr std::array<std::string_view, 2> CLOSING = {"）", ")"};
// ",、" is what a faulty conversion makes of "、": still a numbering, and flagged elsewhere.
constexpr std::array<std::string_view, 3> ENUMERATION = {"、", ",、", "，、"};
constexpr std::array<std::string_view, 10> DIGITS = {"〇", "一", "二", "三", "四",
                                                     "五", "六", "七", "八", "九"};

/// 0–9, or 10 for 十, or nothing; the sign's bytes go to `length`.
std::optional<int> chinese_digit(std::string_view text, std::size_t& length)
{
    for (std::size_t i = 0; i < DIGITS.size(); ++i) {
        if (text.starts_with(DIGITS[i])) {
            length = DIGITS[i].size();
            return static_cast<int>(i);
        }
    }
    // Three ways of writing zero: 〇 U+3007, ○ U+25CB, 零. And Ｏ as typists put it.
    for (const std::string_view zero : {"○", "零", "Ｏ", "０"}) {
        if (text.starts_with(zero)) {
            length = zero.size();
            return 0;
        }
    }
    if (text.starts_with("十")) {
        length = std::string_view("十").size();
        return 10;
    }
    return std::nullopt;
}

/// The leading run of Chinese numerals.
std::string_view numeral_prefix(std::string_view line)
{
    std::size_t end = 0;
    std::size_t length = 0;
    while (end < line.size() && chinese_digit(line.substr(end), length))
        end += length;
    return line.substr(0, end);
}

/// 2017 or 二○○七, or 7 or 十二: one part of a date.
std::optional<int> date_part(std::string_view text)
{
    int value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size())
        return value;
    if (const auto number = chinese_number(text))
        return number;
    std::size_t length = 0;
    value = 0;
    while (!text.empty()) { // Digit by digit: a year.
        const auto digit = chinese_digit(text, length);
        if (!digit || *digit > 9 || value > 999)
            return std::nullopt;
        value = value * 10 + *digit;
        text.remove_prefix(length);
    }
    return value;
}

std::string without_blanks(std::string_view line)
{
    std::string out;
    for (std::size_t at = 0; at < line.size();) {
        const auto point = text::decode_utf8(line, at);
        if (!text::is_blank(point.value))
            out += line.substr(at, point.length);
        at += point.length;
    }
    return out;
}

std::string_view without_brackets(std::string_view line)
{
    strip_prefix(line, OPENING);
    for (const auto closing : CLOSING)
        if (line.ends_with(closing))
            line.remove_suffix(closing.size());
    return line;
}

} // namespace

std::optional<int> chinese_number(std::string_view text)
{
    int tens = 0;
    int ones = 0;
    bool ten_seen = false;
    bool one_seen = false;
    std::size_t length = 0;
    while (!text.empty()) {
        const auto digit = chinese_digit(text, length);
        if (!digit || *digit == 0)
            return std::nullopt;
        if (*digit == 10) {
            if (ten_seen)
                return std::nullopt;
            tens = one_seen ? ones : 1;
            ones = 0;
            ten_seen = true;
            one_seen = false;
        } else {
            if (one_seen)
                return std::nullopt;
            ones = *digit;
            one_seen = true;
        }
        text.remove_prefix(length);
    }
    if (!ten_seen && !one_seen)
        return std::nullopt;
    return tens * 10 + ones;
}

std::optional<Numbering> numbering_of(std::string_view line)
{
    auto rest = line;
    const bool bracketed = strip_prefix(rest, OPENING);
    const bool ordinal = !bracketed && strip_prefix(rest, std::array<std::string_view, 1>{"第"});
    const auto numeral = numeral_prefix(rest);
    const auto number = chinese_number(numeral);
    if (!number)
        return std::nullopt;
    rest.remove_prefix(numeral.size());
    const auto found = [&](Numbering::Level level) {
        return Numbering{level, *number, line.size() - rest.size()};
    };
    if (bracketed)
        return strip_prefix(rest, CLOSING) ? std::optional(found(Numbering::Level::Second))
                                           : std::nullopt;
    if (ordinal && strip_prefix(rest, std::array<std::string_view, 1>{"章"}))
        return found(Numbering::Level::Chapter);
    if (ordinal && strip_prefix(rest, std::array<std::string_view, 2>{"节", "節"}))
        return found(Numbering::Level::Section);
    if (!ordinal && strip_prefix(rest, ENUMERATION))
        return found(Numbering::Level::First);
    return std::nullopt;
}

std::optional<base::Date> date_line(std::string_view line)
{
    const auto text = text::to_half_width(without_blanks(line));
    const std::string_view view = text;
    const std::string_view signs[] = {"年", "月", "日"};
    int parts[3] = {};
    std::size_t at = 0;
    for (int i = 0; i < 3; ++i) {
        const auto end = view.find(signs[i], at);
        if (end == std::string_view::npos || end == at)
            return std::nullopt;
        const auto part = date_part(view.substr(at, end - at));
        if (!part)
            return std::nullopt;
        parts[i] = *part;
        at = end + signs[i].size();
    }
    const base::Date date{
        std::chrono::year(parts[0]), std::chrono::month(static_cast<unsigned>(parts[1])),
        std::chrono::day(static_cast<unsigned>(parts[2]))};
    if (at != view.size() || parts[0] < 1900 || parts[0] > 2200 || !date.ok())
        return std::nullopt;
    return date;
}

bool is_organ_line(std::string_view line)
{
    static constexpr std::array<std::string_view, 24> ENDINGS = {
        "政府", "办公室", "辦公室", "办公厅", "辦公廳",       "委员会", "委員會",   "局",
        "厅",   "廳",     "部",     "院",     "中心",         "办事处", "辦事處",   "署",
        "办",   "辦",     "法院",   "检察院", "办公厅（室）", "银行",   "领导小组", "指挥部"};
    constexpr std::size_t LONGEST = 60; // Several organs may sign in one line.
    return text::count_code_points(line) >= 3 && text::count_code_points(line) <= LONGEST
           && ends_with_any(line, ENDINGS)
           && !contains_any(
               line,
               std::array<std::string_view, 8>{"，", ",", "。", "、", "：", ":", "；", "关于"});
}

bool is_addressee(std::string_view line)
{
    static constexpr std::array<std::string_view, 12> RECEIVERS = {
        "人民政府", "部门", "部門", "单位", "單位", "委员会", "委", "局", "厅", "公司", "各", "办"};
    constexpr std::size_t LONGEST = 200;
    return (line.ends_with("：") || line.ends_with(":")) && text::count_code_points(line) <= LONGEST
           && contains_any(line, RECEIVERS)
           && !contains_any(
               line, std::array<std::string_view, 5>{"。", "如下", "通知", "附件", "解读"});
}

std::optional<std::string> publicity_mark(std::string_view line)
{
    const auto words = without_brackets(line);
    static constexpr std::array<std::string_view, 4> OPENINGS = {
        "此件公开", "此件公開", "此件主动", "此件主動"};
    static constexpr std::array<std::string_view, 4> OTHERS = {
        "此件依申请公开", "此件不予公开", "此件删减后公开", "此件有删减"};
    // Longer than the mark itself, for readings in brackets: 此件主動(dòng)公開(kāi).
    if (text::count_code_points(words) > 24)
        return std::nullopt;
    for (const auto opening : OPENINGS)
        if (words.starts_with(opening))
            return std::string(words);
    for (const auto other : OTHERS)
        if (words.starts_with(other))
            return std::string(words);
    return std::nullopt;
}

bool names_a_kind(std::string_view line)
{
    // 公文种类, 《党政机关公文处理工作条例》第八条, and the usual names of what is issued with one.
    static constexpr std::array<std::string_view, 34> KINDS = {
        "决议", "决定", "命令", "令",   "公报", "公告", "通告", "意见", "通知",
        "通报", "报告", "请示", "批复", "议案", "函",   "纪要", "办法", "规定",
        "方案", "措施", "细则", "条例", "预案", "规划", "计划", "要点", "決定",
        "意見", "通報", "報告", "請示", "批覆", "辦法", "規定"};
    return ends_with_any(line, KINDS);
}

bool is_red_head(std::string_view line)
{
    constexpr std::string_view WORD = "文件";
    if (!line.ends_with(WORD))
        return false;
    line.remove_suffix(WORD.size());
    return is_organ_line(text::trim(line));
}

bool is_title_like(std::string_view line)
{
    constexpr std::size_t LONGEST = 100;
    const auto length = text::count_code_points(line);
    return length >= 5 && length <= LONGEST && !ends_sentence(line)
           && (contains_any(line, std::array<std::string_view, 3>{"关于", "關于", "關於"})
               || names_a_kind(line));
}

bool is_annex_mark(std::string_view line)
{
    if (!strip_prefix(line, std::array<std::string_view, 1>{"附件"}))
        return false;
    const auto rest = text::to_half_width(trim(line));
    return rest.size() <= 3 && std::all_of(rest.begin(), rest.end(), [](char c) {
               return (c >= '0' && c <= '9') || c == ':';
           });
}

std::optional<std::string_view> annex_note(std::string_view line)
{
    if (!strip_prefix(line, std::array<std::string_view, 2>{"附件：", "附件:"}))
        return std::nullopt;
    line = trim(line);
    return line.empty() ? std::nullopt : std::optional(line);
}

std::optional<std::string_view> numbered_name(std::string_view line)
{
    std::size_t digits = 0;
    while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9')
        ++digits;
    if (digits == 0 || digits > 2)
        return std::nullopt;
    line.remove_prefix(digits);
    static constexpr std::array<std::string_view, 5> MARKS = {",、", "、", ".", "．", "，、"};
    if (!strip_prefix(line, MARKS))
        return std::nullopt;
    return trim(line);
}

bool is_interpretation_mark(std::string_view line)
{
    static constexpr std::array<std::string_view, 4> MARKS = {
        "政策解读", "文件解读", "解读", "解讀"};
    for (const std::string_view colon : {"：", ":"})
        if (line.ends_with(colon))
            line.remove_suffix(colon.size());
    return std::find(MARKS.begin(), MARKS.end(), trim(line)) != MARKS.end();
}

bool is_page_furniture(std::string_view line)
{
    static constexpr std::array<std::string_view, 14> LABELS = {
        "更新日期", "发布日期", "发布时间", "來源", "来源", "浏览次数", "点击数",
        "字体",     "字号",     "打印",     "分享", "作者", "责任编辑", "信息来源"};
    constexpr std::size_t LONGEST = 60;
    if (text::count_code_points(line) > LONGEST)
        return false;
    return strip_prefix(line, LABELS) && (line.starts_with("：") || line.starts_with(":"));
}

std::string organ_in_title(std::string_view title)
{
    for (const std::string_view about : {"关于", "關于", "關於"}) {
        const auto at = title.find(about);
        if (at != std::string_view::npos && at > 0 && is_organ_line(trim(title.substr(0, at))))
            return std::string(trim(title.substr(0, at)));
    }
    return {};
}

bool ends_sentence(std::string_view line)
{
    static constexpr std::array<std::string_view, 13> ENDS = {
        "。", "！", "？", "；", "：", "…", ".", "!", "?", ";", ":", "。）", "。”"};
    return ends_with_any(line, ENDS);
}

} // namespace intake
