#include "portal/frame.h"

#include "portal/markup.h"
#include "text/plain_text.h"

#include <algorithm>
#include <fmt/format.h>

namespace portal {
namespace {

constexpr std::size_t nav_entries_max = 9;
constexpr std::size_t hot_words_max = 6;
constexpr std::size_t description_length_max = 150;

void append_tag(std::string& out, std::string_view name, std::string_view content)
{
    if (content.empty())
        return;
    out += "<meta name=\"";
    out += name;
    out += "\" content=\"";
    append_escaped(out, content);
    out += "\">\n";
}

std::string view_class(const SiteFacts& facts, const Visit& visit)
{
    std::string out;
    if (visit.large)
        out += "v-large ";
    if (visit.contrast)
        out += "v-contrast ";
    if (facts.layout.grey)
        out += "v-grey ";
    if (!out.empty())
        out.pop_back();
    return out;
}

std::string view_url(const Visit& visit, std::string_view view)
{
    auto out = (visit.hant ? "/hant" : "") + encoded_path(visit.path) + "?";
    if (!visit.query_kept.empty())
        out += visit.query_kept + "&";
    return out + "view=" + std::string(view);
}

List nav_entries(const SiteFacts& facts, const Visit& visit)
{
    List out;
    out.push_back(Fields{{"name", "首页"}, {"url", "/"}, {"current", visit.path == "/"}});
    for (const auto& column : facts.columns) {
        if (!column.in_nav || out.size() == nav_entries_max)
            continue;
        out.push_back(Fields{
            {"name", column.name},
            {"url", column.path},
            {"current", visit.path == column.path},
            {"within", visit.path != column.path && visit.path.starts_with(column.path)}});
    }
    return out;
}

List link_groups(const SiteFacts& facts)
{
    std::vector<std::string> names;
    for (const auto& link : facts.site.links) {
        if (std::find(names.begin(), names.end(), link.group) == names.end())
            names.push_back(link.group);
    }
    List out;
    for (const auto& name : names) {
        List links;
        for (const auto& link : facts.site.links) {
            if (link.group == name)
                links.push_back(Fields{
                    {"name", link.name},
                    {"url", link.url},
                    {"outside", link.url.find(".gov.cn") == std::string::npos}});
        }
        out.push_back(Fields{{"group", name}, {"links", std::move(links)}});
    }
    return out;
}

Fields site_fields(const SiteFacts& facts)
{
    const auto& site = facts.site;
    return Fields{
        {"name", site.name},
        {"english_name", site.english_name},
        {"domain", site.primary_domain},
        {"id_code", site.site_code},
        {"icp", site.icp_number},
        {"police", site.police_filing_number},
        {"sponsor", facts.sponsor},
        {"operator", facts.operator_},
        {"supervisor", facts.supervisor},
        {"phone", site.contact_phone},
        {"email", site.contact_email},
        {"mailto", "mailto:" + site.contact_email},
        {"address", site.contact_address},
        {"description", site.description},
        {"ipv6", facts.layout.ipv6}};
}

void set_views(Fields& data, const SiteFacts& facts, const Visit& visit)
{
    data.set("view_class", view_class(facts, visit));
    data.set("is_large", visit.large);
    data.set("is_contrast", visit.contrast);
    data.set("view_large", view_url(visit, "large"));
    data.set("view_contrast", view_url(visit, "contrast"));
    data.set("view_normal", view_url(visit, "normal"));
    const auto here = encoded_path(visit.path)
                      + (visit.query_kept.empty() ? std::string() : "?" + visit.query_kept);
    data.set(visit.hant ? "hans_url" : "hant_url", (visit.hant ? "" : "/hant") + here);
}

void set_marks(Fields& data, const SiteFacts& facts, const Visit& visit)
{
    const auto& layout = facts.layout;
    data.set("emblem", file_url(layout.emblem, "emblem"));
    data.set("emblem_missing", layout.emblem.empty() && facts.site.kind == site::SiteKind::Portal);
    data.set("logo", file_url(layout.logo, "logo"));
    data.set("badge_image", file_url(layout.badge, "badge"));
    data.set("jiucuo_image", file_url(layout.jiucuo, "jiucuo"));
    data.set("badge_url", "https://bszs.conac.cn/sitename?method=show&id=" + facts.site.badge_id);
    data.set("jiucuo_url", jiucuo_url(facts, visit));
    if (!visit.preview.empty()) {
        data.set(
            "banner", Fields{
                          {"level", "preview"},
                          {"label", visit.preview},
                          {"text", visit.preview_version},
                          {"url", ""}});
    } else if (!layout.banner.text.empty()) {
        data.set(
            "banner", Fields{
                          {"level", layout.banner.level == "urgent" ? "urgent" : "notice"},
                          {"label", layout.banner.level == "urgent" ? "紧急" : "公告"},
                          {"text", layout.banner.text},
                          {"url", layout.banner.url}});
    }
}

std::string item_description(const release::Shown& item)
{
    const auto& content = item.version.content;
    if (!content.summary.empty())
        return content.summary;
    return text::excerpt(content.body_html, description_length_max);
}

void append_item_tags(
    std::string& out, const SiteFacts& facts, const Visit& visit, const release::Shown& item)
{
    const auto& content = item.version.content;
    append_tag(out, "ArticleTitle", content.title);
    append_tag(out, "PubDate", base::to_minute_text(item.publication.publish_at));
    append_tag(out, "ContentSource", content.source.empty() ? facts.site.name : content.source);
    append_tag(out, "Keywords", fmt::format("{}", fmt::join(content.keywords, ",")));
    append_tag(out, "Author", content.author);
    append_tag(out, "Description", item_description(item));
    const auto base = base_url_of(facts, facts.site.id);
    if (!content.cover_hash.empty())
        append_tag(out, "Image", base + file_url(content.cover_hash, "cover"));
    append_tag(out, "Url", base + encoded_path(visit.path));
}

} // namespace

const site::Column* find_column(const SiteFacts& facts, base::ColumnId id)
{
    for (const auto& column : facts.columns) {
        if (column.id == id)
            return &column;
    }
    return nullptr;
}

std::string base_url_of(const SiteFacts& facts, base::SiteId id)
{
    if (id == facts.site.id)
        return "https://" + facts.site.primary_domain;
    for (const auto& neighbour : facts.neighbours) {
        if (neighbour.id == id)
            return neighbour.base_url;
    }
    return {};
}

std::string encoded_path(std::string_view path)
{
    std::string out;
    while (!path.empty()) {
        const auto slash = std::min(path.find('/'), path.size());
        out += percent_encoded(path.substr(0, slash));
        if (slash < path.size())
            out += '/';
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return out;
}

std::string file_url(std::string_view hash, std::string_view name)
{
    if (hash.empty())
        return {};
    return "/files/" + std::string(hash) + "/" + percent_encoded(name);
}

std::string jiucuo_url(const SiteFacts& facts, const Visit& visit)
{
    const auto page = base_url_of(facts, facts.site.id) + encoded_path(visit.path);
    return "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=" + facts.site.site_code
           + "&url=" + percent_encoded(page);
}

std::vector<NamedLink> trail_to(const SiteFacts& facts, const site::Column& column, bool link_last)
{
    std::vector<NamedLink> trail;
    trail.push_back({column.name, link_last ? column.path : std::string()});
    // A tree of at most five levels; the bound holds even if the facts should be inconsistent.
    auto parent = column.parent;
    for (int i = 0; i < 8 && parent; ++i) {
        const auto* above = find_column(facts, parent);
        if (!above)
            break;
        trail.insert(trail.begin(), {above->name, above->path});
        parent = above->parent;
    }
    return trail;
}

std::string official_tags(const SiteFacts& facts, const Visit& visit, const PageHead& head)
{
    std::string out;
    append_tag(out, "SiteName", facts.site.name);
    append_tag(out, "SiteDomain", facts.site.primary_domain);
    append_tag(out, "SiteIDCode", facts.site.site_code);
    if (head.is_home) {
        append_tag(out, "ColumnName", "首页");
        append_tag(
            out, "ColumnDescription",
            facts.site.description.empty() ? facts.site.name + "网站首页" : facts.site.description);
        append_tag(
            out, "ColumnKeywords",
            facts.layout.keywords.empty() ? facts.site.name + ",政务公开" : facts.layout.keywords);
        append_tag(out, "ColumnType", "首页");
    }
    if (const auto* column = head.column) {
        append_tag(out, "ColumnName", column->name);
        append_tag(
            out, "ColumnDescription",
            column->description.empty() ? facts.site.name + column->name : column->description);
        append_tag(
            out, "ColumnKeywords", column->keywords.empty() ? column->name : column->keywords);
        append_tag(
            out, "ColumnType", column->column_type.empty() ? column->name : column->column_type);
    }
    if (head.item)
        append_item_tags(out, facts, visit, *head.item);
    if (!out.empty())
        out.pop_back();
    return out;
}

Fields frame_fields(const SiteFacts& facts, const Visit& visit, const PageHead& head)
{
    Fields data;
    data.set("lang", visit.hant ? "zh-Hant" : "zh-CN");
    data.set("dir", "ltr");
    data.set("official_tags", Html{official_tags(facts, visit, head)});
    data.set(
        "title", head.is_home || head.title.empty() ? facts.site.name
                                                    : head.title + " - " + facts.site.name);
    data.set("description", head.item ? item_description(*head.item) : head.description);
    const bool no_index = head.no_index || !visit.preview.empty();
    data.set("no_index", no_index);
    if (!no_index)
        data.set(
            "canonical", base_url_of(facts, facts.site.id) + (visit.hant ? "/hant" : "")
                             + encoded_path(visit.path));
    data.set("is_home", head.is_home);
    data.set("site", site_fields(facts));
    set_views(data, facts, visit);
    set_marks(data, facts, visit);
    if (head.column)
        data.set(
            "feed", Fields{{"name", head.column->name}, {"url", head.column->path + "rss.xml"}});

    List upper;
    for (const auto& link : facts.layout.upper_links)
        upper.push_back(Fields{{"name", link.name}, {"url", link.url}});
    data.set("upper_links", std::move(upper));
    data.set("search_text", head.search_text);
    List words;
    for (const auto& word : facts.layout.hot_words) {
        if (words.size() < hot_words_max)
            words.push_back(Fields{{"word", word}, {"url", "/search?q=" + percent_encoded(word)}});
    }
    data.set("hot_words_shown", !words.empty());
    data.set("hot_words", std::move(words));
    data.set("nav", nav_entries(facts, visit));
    auto groups = link_groups(facts);
    data.set("links_shown", !groups.empty());
    data.set("link_groups", std::move(groups));

    List crumbs;
    crumbs.push_back(Fields{{"name", "首页"}, {"url", "/"}});
    for (const auto& step : head.trail)
        crumbs.push_back(Fields{{"name", step.name}, {"url", step.url}});
    data.set("crumbs_shown", !head.trail.empty());
    data.set("crumbs", std::move(crumbs));
    data.set("address", base_url_of(facts, facts.site.id) + encoded_path(visit.path));
    data.set("request_id", visit.request_id);
    return data;
}

} // namespace portal
