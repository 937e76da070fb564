// The home page: blocks of the site's layout, gathered into the sections that the eye expects. News
// lists become tabs beside the picture, policies and their interpretations one section with the
// disclosure links, other lists boxes in a row.

#include "portal/frame.h"
#include "portal/lists.h"
#include "portal/markup.h"
#include "portal/pages.h"

#include <algorithm>
#include <fmt/format.h>

namespace portal {
namespace {

constexpr std::size_t tabs_max = 4;
constexpr std::size_t pictures_max = 4;
constexpr std::size_t tab_lines = 6;
constexpr std::size_t disclosure_lines = 5;
constexpr std::size_t box_lines = 7;
constexpr std::size_t topics_max = 8;
constexpr std::size_t headline_others_max = 3;
constexpr std::size_t headline_length_max = 28; // Characters that fit on one line at 1440 px.

using Blocks = std::vector<const HomeBlockFacts*>;

enum class Role { Lead, News, Policies, Readings, Box, Services, Figures, Topics, None };

bool is_news_type(std::string_view type)
{
    return type.empty() || type == "工作动态" || type == "政务动态" || type == "通知公告"
           || type == "新闻动态";
}

Role role_of(const HomeBlockFacts& entry)
{
    const auto& kind = entry.block.block;
    if (kind == "services")
        return Role::Services;
    if (kind == "figures")
        return Role::Figures;
    if (!entry.column)
        return Role::None; // Its column was removed or is hidden.
    if (kind == "lead")
        return Role::Lead;
    if (kind == "topics")
        return Role::Topics;
    const auto& type = entry.column->column_type;
    if (type == "政策文件")
        return Role::Policies;
    if (type == "政策解读")
        return Role::Readings;
    return kind == "list" && is_news_type(type) ? Role::News : Role::Box;
}

std::string title_of(const HomeBlockFacts& entry)
{
    return entry.block.title.empty() && entry.column ? entry.column->name : entry.block.title;
}

std::vector<release::Listed> first_of(const std::vector<release::Listed>& items, std::size_t count)
{
    return {items.begin(), items.begin() + static_cast<long>(std::min(count, items.size()))};
}

/// A column's name, address and lines.
Fields column_fields(const SiteFacts& facts, const HomeBlockFacts& entry, std::size_t lines)
{
    auto items = listed_lines(facts, first_of(entry.items, lines), DateForm::Short);
    Fields out{{"name", title_of(entry)}, {"url", entry.column->path}};
    out.set("items_shown", !items.empty());
    out.set("items", std::move(items));
    return out;
}

Fields tab_fields(const SiteFacts& facts, const HomeBlockFacts& entry, std::size_t number)
{
    Fields tab = column_fields(facts, entry, tab_lines);
    tab.set("id", fmt::format("t{}", number));
    tab.set("any", !entry.items.empty());
    tab.set("first", false);
    // The first tab's first item is the headline above; the next one is shown at length.
    if (number == 1 && entry.items.size() > 1) {
        tab.set("first", listed_fields(facts, entry.items[1], DateForm::Short));
        const std::vector<release::Listed> rest(entry.items.begin() + 2, entry.items.end());
        auto lines = listed_lines(facts, first_of(rest, tab_lines), DateForm::Short);
        tab.set("items_shown", !lines.empty());
        tab.set("items", std::move(lines));
    }
    return tab;
}

/// Pinned or newest item of the lead column, and lines below it from the other news.
Fields headline_fields(const SiteFacts& facts, const Blocks& news)
{
    const auto& items = news.front()->items;
    const auto line = listed_fields(facts, items.front(), DateForm::Full);
    Fields headline{
        {"title", shortened(items.front().title, headline_length_max)}, {"url", *line.find("url")}};
    std::vector<release::Listed> others;
    for (std::size_t i = 1; i < news.size() && others.size() < headline_others_max; ++i) {
        if (!news[i]->items.empty())
            others.push_back(news[i]->items.front());
    }
    for (auto& other : others)
        other.title = shortened(other.title, 18);
    headline.set("others_shown", !others.empty());
    headline.set("others", listed_lines(facts, others, DateForm::Short));
    return headline;
}

Fields photo_fields(const SiteFacts& facts, const release::Listed& item)
{
    const auto line = listed_fields(facts, item, DateForm::Short);
    return {
        {"image", *line.find("image")},
        {"alt", item.cover_alt},
        {"url", *line.find("url")},
        {"caption", item.title}};
}

/// Items with pictures, the headline's own last.
std::vector<release::Listed> pictures_of(const Blocks& news)
{
    std::vector<release::Listed> pictures;
    for (const auto* entry : news) {
        for (const auto& item : entry->items) {
            const bool is_headline = entry == news.front() && &item == entry->items.data();
            if (!item.cover_hash.empty() && !is_headline && pictures.size() < pictures_max)
                pictures.push_back(item);
        }
    }
    if (pictures.empty() && !news.front()->items.empty()
        && !news.front()->items.front().cover_hash.empty())
        pictures.push_back(news.front()->items.front());
    return pictures;
}

Fields lead_fields(const Theme& theme, const SiteFacts& facts, const Blocks& news)
{
    Fields lead;
    List tabs;
    for (const auto* entry : news)
        tabs.push_back(tab_fields(facts, *entry, tabs.size() + 1));
    const auto pictures = pictures_of(news);
    lead.set("title", title_of(*news.front()));
    lead.set("headline", false);
    if (!news.front()->items.empty())
        lead.set("headline", headline_fields(facts, news));
    if (pictures.empty())
        lead.set(
            "photo",
            Fields{{"image", theme.address_of("landscape.svg")}, {"alt", ""}, {"url", ""}});
    else
        lead.set("photo", photo_fields(facts, pictures.front()));
    List others;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        auto line = listed_fields(facts, pictures[i], DateForm::Short);
        line.set("current", i == 0);
        others.push_back(std::move(line));
    }
    lead.set("pictures_shown", others.size() > 1);
    lead.set("pictures", std::move(others));
    lead.set("tabs", std::move(tabs));
    return lead;
}

/// 政府信息公开: what 国办公开办函〔2019〕61号 names, found among the columns by their class.
List disclosure_links(const SiteFacts& facts, const site::Column& root)
{
    static constexpr std::array<std::string_view, 7> classes = {
        "信息公开指南", "信息公开制度", "法定主动公开内容", "信息公开目录",
        "信息公开年报", "依申请公开",   "政府公报"};
    List links;
    for (const auto type : classes) {
        for (const auto& column : facts.columns) {
            if (column.column_type == type && column.id != root.id && links.size() < classes.size())
                links.push_back(Fields{{"name", column.name}, {"url", column.path}});
        }
    }
    return links;
}

/// The first-level column above, when its name says more than the block.
const site::Column* root_of(const SiteFacts& facts, const site::Column& column)
{
    const auto* found = &column;
    for (int i = 0; i < 8 && found->parent; ++i) {
        const auto* above = find_column(facts, found->parent);
        if (!above)
            break;
        found = above;
    }
    return found;
}

Fields disclosure_fields(
    const SiteFacts& facts, const HomeFacts& home, const HomeBlockFacts* policies,
    const HomeBlockFacts* readings)
{
    Fields out;
    const auto& first = *(policies ? policies : readings)->column;
    const auto* root = root_of(facts, first);
    out.set("title", root->id == first.id ? "政务公开" : root->name);
    out.set("url", root->path);
    out.set("more", "进入" + root->name);
    auto links = disclosure_links(facts, *root);
    out.set("links_of_disclosure", false);
    if (links.size() >= 3)
        out.set("links_of_disclosure", Fields{{"links", std::move(links)}});
    out.set("policies", false);
    out.set("readings", false);
    if (policies) {
        const auto items = first_of(policies->items, disclosure_lines);
        List lines;
        for (const auto& item : items) {
            auto line = listed_fields(facts, item, DateForm::Full);
            const auto count = home.interpretation_counts.find(item.item);
            line.set(
                "interpretations",
                count == home.interpretation_counts.end() ? "" : std::to_string(count->second));
            lines.push_back(std::move(line));
        }
        auto box = column_fields(facts, *policies, 0);
        box.set("items_shown", !lines.empty());
        box.set("items", std::move(lines));
        out.set("policies", std::move(box));
    }
    if (readings)
        out.set("readings", column_fields(facts, *readings, disclosure_lines));
    return out;
}

Fields services_fields(const SiteFacts& facts, const HomeBlockFacts& entry)
{
    List services;
    std::string all;
    for (const auto& service : facts.layout.services) {
        services.push_back(Fields{
            {"name", service.name},
            {"icon", service.icon.empty() ? "file-text" : service.icon},
            {"url", service.url}});
        all = service.url.starts_with('/') ? service.url : all;
    }
    Fields out{{"title", title_of(entry).empty() ? "政务服务" : title_of(entry)}};
    out.set("few", services.size() % 8 != 0);
    out.set("url", entry.column ? entry.column->path : all);
    out.set("services", std::move(services));
    return out;
}

std::string spark_points(const std::vector<double>& points)
{
    if (points.size() < 2)
        return {};
    const auto [least, most] = std::minmax_element(points.begin(), points.end());
    const double range = *most > *least ? *most - *least : 1;
    std::string out;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double x = static_cast<double>(i) * 100 / static_cast<double>(points.size() - 1);
        out += fmt::format("{:.1f},{:.1f} ", x, 28 - (points[i] - *least) / range * 24);
    }
    out.pop_back();
    return out;
}

Fields figures_fields(const SiteFacts& facts)
{
    List figures;
    for (const auto& figure : facts.layout.figures)
        figures.push_back(Fields{
            {"name", figure.name},
            {"value", figure.value},
            {"unit", figure.unit},
            {"change", figure.change},
            {"change_label", figure.change_label},
            {"points", spark_points(figure.points)}});
    return {
        {"title", facts.layout.figures_title.empty() ? "数据发布" : facts.layout.figures_title},
        {"url", facts.layout.figures_url},
        {"figures", std::move(figures)}};
}

Fields topics_fields(const SiteFacts& facts, const HomeBlockFacts& entry)
{
    List topics;
    const auto add = [&](std::string title, std::string note, std::string url) {
        if (topics.size() < topics_max)
            topics.push_back(Fields{
                {"title", std::move(title)},
                {"note", std::move(note)},
                {"url", std::move(url)},
                {"tone", static_cast<std::int64_t>(topics.size() % 4 + 1)}});
    };
    for (const auto& column : entry.sub_columns)
        add(column.name, shortened(column.description, 16), column.path);
    for (const auto& item : entry.items) {
        const auto line = listed_fields(facts, item, DateForm::Short);
        add(item.title, shortened(item.summary, 16), *line.find("url")->text());
    }
    return {{"title", title_of(entry)}, {"url", entry.column->path}, {"topics", std::move(topics)}};
}

/// Puts the blocks into sections, each at the place of its first block.
class Sections {
public:
    Sections(const Theme& theme, const SiteFacts& facts, const HomeFacts& home)
        : theme_(theme)
        , facts_(facts)
        , home_(home)
    {
    }

    List take()
    {
        for (const auto& entry : home_.blocks) {
            const auto role = role_of(entry);
            if (role == Role::Lead || (role == Role::News && news_.size() < tabs_max))
                news_.insert(role == Role::Lead ? news_.begin() : news_.end(), &entry);
        }
        if (!news_.empty())
            out_.push_back(Fields{{"lead", lead_fields(theme_, facts_, news_)}});
        for (const auto& entry : home_.blocks)
            place(entry);
        flush_boxes();
        return std::move(out_);
    }

private:
    void place(const HomeBlockFacts& entry)
    {
        if (std::find(news_.begin(), news_.end(), &entry) != news_.end())
            return;
        const auto role = role_of(entry);
        if (role == Role::None)
            return;
        if (role == Role::Box || role == Role::News) {
            boxes_.push_back(&entry);
            return;
        }
        if (role == Role::Policies || role == Role::Readings) {
            place_disclosure();
            return;
        }
        flush_boxes();
        if (role == Role::Services && !facts_.layout.services.empty())
            put("services", services_fields(facts_, entry));
        else if (role == Role::Figures && !facts_.layout.figures.empty())
            put("figures", figures_fields(facts_));
        else if (role == Role::Topics && !(entry.items.empty() && entry.sub_columns.empty()))
            put("topics", topics_fields(facts_, entry));
    }

    void place_disclosure()
    {
        if (disclosure_placed_)
            return;
        disclosure_placed_ = true;
        flush_boxes();
        const HomeBlockFacts* policies = nullptr;
        const HomeBlockFacts* readings = nullptr;
        for (const auto& entry : home_.blocks) {
            if (role_of(entry) == Role::Policies && !policies)
                policies = &entry;
            if (role_of(entry) == Role::Readings && !readings)
                readings = &entry;
        }
        put("disclosure", disclosure_fields(facts_, home_, policies, readings));
    }

    void flush_boxes()
    {
        if (boxes_.empty())
            return;
        List boxes;
        for (const auto* entry : boxes_)
            boxes.push_back(column_fields(facts_, *entry, box_lines));
        Fields section{{"title", ""}, {"boxes", std::move(boxes)}};
        section.set("grid", boxes_.size() == 1 ? "g-1" : boxes_.size() % 3 == 0 ? "g-3" : "g-2");
        boxes_.clear();
        put("boxes", std::move(section));
    }

    void put(std::string_view kind, Fields section)
    {
        section.set("alt", alternate_);
        alternate_ = !alternate_;
        Fields wrapped;
        wrapped.set(kind, std::move(section));
        out_.push_back(std::move(wrapped));
    }

    const Theme& theme_;
    const SiteFacts& facts_;
    const HomeFacts& home_;
    Blocks news_;
    Blocks boxes_;
    bool disclosure_placed_ = false;
    bool alternate_ = false;
    List out_;
};

} // namespace

std::string home_page(
    const Theme& theme, const SiteFacts& facts, const Visit& visit, const HomeFacts& home)
{
    PageHead head;
    head.is_home = true;
    head.description = facts.site.description;
    auto data = frame_fields(facts, visit, head);
    data.set("sections", Sections(theme, facts, home).take());
    return theme.render("page/home", std::move(data));
}

} // namespace portal
