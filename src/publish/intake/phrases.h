#pragma once

// What one line of an official document is, by its wording alone (GB/T 9704-2012 党政机关公文格式
// has the order: 发文字号, 标题, 主送机关, 正文, 附件说明, 发文机关署名, 成文日期, 附注, 附件).
// Pure; lines are trimmed UTF-8, Simplified or Traditional.

#include "base/clock.h"

#include <optional>
#include <string>
#include <string_view>

namespace intake {

/// The number that opens a heading line, and how deep it stands.
struct Numbering {
    enum class Level {
        Chapter, // 第一章
        Section, // 第一节
        First,   // 一、
        Second,  // （一）
    };
    Level level;
    int number;
    std::size_t length; // Bytes of the numbering itself.
};

std::optional<Numbering> numbering_of(std::string_view line);

/// 十二 → 12; nothing above 99.
std::optional<int> chinese_number(std::string_view text);

/// A line that is nothing but a date: 2017年7月19日, 二○○七年二月十五日.
std::optional<base::Date> date_line(std::string_view line);

/// 定西市人民政府办公室: a short line that ends like the name of an organ and has no sentence in
/// it.
bool is_organ_line(std::string_view line);

/// 各县人民政府，市政府各部门：
bool is_addressee(std::string_view line);

/// The words of 此件公开发布 or 此件主动公开, without brackets.
std::optional<std::string> publicity_mark(std::string_view line);

/// 关于…的通知, or a line that ends with a kind of official document.
bool is_title_like(std::string_view line);

/// The line ends with the kind of document a title names: …的通知.
bool names_a_kind(std::string_view line);

/// 云岭市人民政府文件: the red head of a printed document.
bool is_red_head(std::string_view line);

/// "附件" or "附件2" alone on its line: an annex begins.
bool is_annex_mark(std::string_view line);

/// The rest behind "附件：", when the line is the note that lists annexes.
std::optional<std::string_view> annex_note(std::string_view line);

/// The name behind "2. " or "2、" in a list of annexes.
std::optional<std::string_view> numbered_name(std::string_view line);

/// "解读：" or "政策解读" alone on its line: the document's own interpretation begins.
bool is_interpretation_mark(std::string_view line);

/// 更新日期：…, 来源：…, 浏览次数：…: what a web page puts around a document.
bool is_page_furniture(std::string_view line);

/// What stands before 关于 in a title: the issuing organ.
std::string organ_in_title(std::string_view title);

bool ends_sentence(std::string_view line);

} // namespace intake
