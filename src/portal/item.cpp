// An item: news and notices, a policy document with its facts, an interpretation, a leader.

#include "portal/body.h"
#include "portal/frame.h"
#include "portal/item_parts.h"
#include "portal/lists.h"
#include "portal/markup.h"
#include "portal/pages.h"

#include <algorithm>
#include <fmt/format.h>

namespace portal {
namespace {

std::string kind_of_file(std::string_view name)
{
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos || name.size() - dot > 6)
        return {};
    std::string out;
    for (const char c : name.substr(dot + 1))
        out += c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
    return " " + out + " ";
}

std::string day_text(const std::optional<base::Date>& day)
{
    return day ? base::to_chinese_date_text(*day) : std::string();
}

struct MetaCell {
    std::string name;
    std::string value;
    std::string state; // 有效性 as a coloured word before the value.
    library::Validity validity = library::Validity::Valid;
};

Fields cell_fields(const MetaCell& cell)
{
    return {
        {"name", cell.name},
        {"value", cell.value},
        {"state", cell.state},
        {"bad", cell.validity == library::Validity::Expired
                    || cell.validity == library::Validity::Repealed},
        {"warn", cell.validity == library::Validity::Amended}};
}

/// Two cells a row; what is not known is left out; 标题 takes a row of its own.
List meta_rows(const release::Shown& shown)
{
    const auto& content = shown.version.content;
    const auto& policy = content.policy;
    std::vector<MetaCell> cells = {
        {"索引号", policy.index_number},
        {"主题分类", policy.subject_category},
        {"发文机关", policy.issuing_organ},
        {"成文日期", day_text(policy.issued_on)},
    };
    std::vector<MetaCell> after = {
        {"发文字号", policy.document_number},
        {"发布日期", base::to_chinese_date_text(base::china_date(shown.publication.publish_at))},
        {"公文种类", policy.genre},
        {"施行日期", day_text(policy.effective_on)},
    };
    std::string until;
    if (policy.valid_until)
        until = "　有效期至 " + day_text(policy.valid_until);
    after.push_back(
        {"有效性", until, std::string(library::to_chinese(policy.validity)), policy.validity});

    List rows;
    const auto put = [&](std::vector<MetaCell>& group) {
        std::erase_if(
            group, [](const auto& cell) { return cell.value.empty() && cell.state.empty(); });
        for (std::size_t i = 0; i < group.size(); i += 2) {
            Fields row{{"a", cell_fields(group[i])}, {"b", false}};
            row.set("wide", i + 1 == group.size());
            if (i + 1 < group.size())
                row.set("b", cell_fields(group[i + 1]));
            rows.push_back(std::move(row));
        }
    };
    put(cells);
    rows.push_back(
        Fields{{"a", cell_fields({"标题", content.title})}, {"b", false}, {"wide", true}});
    put(after);
    return rows;
}

/// The life of a document, from its dates. Nothing is guessed.
List history_of(const release::Shown& shown)
{
    const auto& policy = shown.version.content.policy;
    List out;
    const auto add = [&](std::string what, std::string when, bool now) {
        out.push_back(Fields{{"what", std::move(what)}, {"when", std::move(when)}, {"now", now}});
    };
    if (policy.issued_on)
        add("成文", day_text(policy.issued_on), false);
    add("发布", base::to_chinese_date_text(base::china_date(shown.publication.publish_at)),
        policy.validity == library::Validity::Valid);
    if (policy.effective_on)
        add("施行", day_text(policy.effective_on), false);
    if (policy.validity == library::Validity::Amended)
        add("已修改", "以修改后的文件为准", true);
    if (policy.validity == library::Validity::Repealed)
        add("废止", "不再执行", true);
    if (policy.valid_until)
        add(policy.validity == library::Validity::Expired ? "失效" : "有效期至",
            day_text(policy.valid_until), policy.validity == library::Validity::Expired);
    return out;
}

std::string warning_of(library::Validity validity)
{
    switch (validity) {
    case library::Validity::Expired: return "本文件已失效，仅供查阅。";
    case library::Validity::Repealed: return "本文件已废止，仅供查阅。";
    case library::Validity::Amended: return "本文件已作修改，请以修改后的文件为准。";
    case library::Validity::Valid: break;
    }
    return {};
}

void set_associations(Fields& data, const SiteFacts& facts, const ItemFacts& item)
{
    const auto put = [&](std::string_view name, std::string_view shown, const auto& items) {
        data.set(shown, !items.empty());
        data.set(name, listed_lines(facts, items, DateForm::Full));
    };
    put("interpretations", "interpretations_shown", item.interpretations);
    put("policies", "policies_shown", item.policies);
}

void set_leader(Fields& data, const release::Shown& shown)
{
    const auto& content = shown.version.content;
    data.set("leader", false);
    if (shown.item.kind != library::ItemKind::Leader)
        return;
    data.set(
        "leader", Fields{
                      {"name", content.title},
                      {"post", content.leader.post},
                      {"duties", content.leader.duties},
                      {"image", file_url(content.cover_hash, "cover")},
                      {"alt", content.cover_alt}});
}

} // namespace

std::string size_text(std::uint64_t bytes)
{
    if (bytes < 1024)
        return fmt::format("{} B", bytes);
    if (bytes < 1024 * 1024)
        return fmt::format("{} KB", (bytes + 512) / 1024);
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / (1024.0 * 1024.0));
}

void set_item_parts(Fields& data, const SiteFacts& facts, const release::Shown& shown)
{
    const auto& content = shown.version.content;
    data.set("pub_date", base::to_minute_text(shown.publication.publish_at));
    data.set("datetime", base::to_iso_text(shown.publication.publish_at));
    data.set("source", content.source.empty() ? facts.site.name : content.source);
    data.set("source_url", content.source_url);
    data.set("author", content.author);
    auto body = prepared_body(content.body_html, content.attachments);
    List contents;
    for (const auto& entry : body.contents)
        contents.push_back(Fields{{"id", entry.id}, {"title", entry.title}});
    data.set("contents_shown", !contents.empty());
    data.set("contents", std::move(contents));
    data.set("body", Html{std::move(body.html)});
    List attachments;
    for (const auto& file : content.attachments)
        attachments.push_back(Fields{
            {"name", file.name},
            {"url", file_url(file.hash, file.name)},
            {"kind", kind_of_file(file.name)},
            {"size", size_text(file.size)}});
    data.set("attachments_shown", !attachments.empty());
    data.set("attachments", std::move(attachments));
}

std::string item_page(
    const Theme& theme, const SiteFacts& facts, const Visit& visit, const ItemFacts& item)
{
    const auto& shown = item.shown;
    const auto& content = shown.version.content;
    PageHead head;
    head.title = content.title;
    head.trail = trail_to(facts, item.column, true);
    head.trail.push_back({"正文", ""});
    head.column = &item.column;
    head.item = &shown;
    auto data = frame_fields(facts, visit, head);
    data.set("heading", content.title);
    data.set("subtitle", content.subtitle);
    set_item_parts(data, facts, shown);
    set_associations(data, facts, item);
    set_leader(data, shown);
    const auto kind = shown.item.kind;
    data.set("web", kind != library::ItemKind::Article && kind != library::ItemKind::Notice);
    if (kind != library::ItemKind::Policy) {
        data.set("number", "");
        const bool aside = !(item.interpretations.empty() && item.policies.empty());
        data.set("aside_shown", aside);
        return theme.render("page/item", std::move(data));
    }
    data.set("meta_rows", meta_rows(shown));
    data.set("number", content.policy.document_number);
    data.set("warning", warning_of(content.policy.validity));
    data.set("points", content.summary);
    auto history = history_of(shown);
    data.set("history_shown", history.size() > 1);
    data.set("history", std::move(history));
    return theme.render("page/policy", std::move(data));
}

} // namespace portal
