// The answer of the site search.

#include "portal/frame.h"
#include "portal/lists.h"
#include "portal/markup.h"
#include "portal/pages.h"

#include <array>
#include <charconv>
#include <fmt/format.h>

namespace portal {
namespace {

std::string marked_html(const search::Marked& marked)
{
    std::string out;
    std::size_t at = 0;
    for (const auto& mark : marked.marks) {
        append_escaped(out, std::string_view(marked.text).substr(at, mark.begin - at));
        out += "<mark>";
        append_escaped(
            out, std::string_view(marked.text).substr(mark.begin, mark.end - mark.begin));
        out += "</mark>";
        at = mark.end;
    }
    append_escaped(out, std::string_view(marked.text).substr(at));
    return out;
}

std::string type_label(std::string_view type)
{
    const auto kind = library::item_kind_from(type);
    return kind ? std::string(library::to_chinese(*kind)) : std::string(type);
}

std::int64_t number_of(std::string_view text)
{
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string site_name(const SiteFacts& facts, std::int64_t id)
{
    for (const auto& neighbour : facts.neighbours) {
        if (neighbour.id.value == id)
            return neighbour.name;
    }
    return {};
}

std::string org_name(const SearchFacts& found, std::int64_t id)
{
    const auto name = found.org_names.find(id);
    return name == found.org_names.end() ? std::string() : name->second;
}

/// One facet: its values as links that set the choice; the chosen one takes it back.
class FacetBuilder {
public:
    FacetBuilder(const SearchChoice& choice, std::string name)
        : choice_(choice)
        , name_(std::move(name))
    {
    }

    template <typename Change>
    void add(std::string label, std::size_t count, bool current, Change change)
    {
        if (label.empty())
            return;
        auto next = choice_;
        change(next, current);
        values_.push_back(Fields{
            {"label", std::move(label)},
            {"count", static_cast<std::int64_t>(count)},
            {"current", current},
            {"url", search_address(next, 1)}});
    }

    void put_into(List& facets)
    {
        if (!values_.empty())
            facets.push_back(Fields{{"name", name_}, {"values", std::move(values_)}});
    }

private:
    SearchChoice choice_;
    std::string name_;
    List values_;
};

List facet_lists(const SiteFacts& facts, const SearchFacts& found)
{
    const auto& choice = found.choice;
    const auto& facets = found.results->facets;
    List out;
    FacetBuilder types(choice, "类型");
    for (const auto& entry : facets.types)
        types.add(
            type_label(entry.value), entry.count, choice.type == entry.value,
            [&](SearchChoice& c, bool current) { c.type = current ? "" : entry.value; });
    types.put_into(out);
    FacetBuilder sites(choice, "网站");
    for (const auto& entry : facets.sites) {
        const auto id = number_of(entry.value);
        sites.add(
            site_name(facts, id), entry.count, choice.site == id,
            [&](SearchChoice& c, bool current) { c.site = current ? -1 : id; });
    }
    sites.put_into(out);
    FacetBuilder years(choice, "年份");
    for (const auto& entry : facets.years) {
        const auto year = static_cast<int>(number_of(entry.value));
        years.add(
            fmt::format("{} 年", year), entry.count, choice.year == year,
            [&](SearchChoice& c, bool current) { c.year = current ? 0 : year; });
    }
    years.put_into(out);
    FacetBuilder orgs(choice, "发布机构");
    for (const auto& entry : facets.orgs) {
        const auto id = number_of(entry.value);
        orgs.add(
            org_name(found, id), entry.count, choice.org == id,
            [&](SearchChoice& c, bool current) { c.org = current ? 0 : id; });
    }
    orgs.put_into(out);
    return out;
}

/// The filters that are set, each with the address that takes it away.
List filter_list(const SiteFacts& facts, const SearchFacts& found)
{
    const auto& choice = found.choice;
    List out;
    const auto add = [&](const char* name, std::string value, const SearchChoice& without) {
        out.push_back(Fields{
            {"name", name}, {"value", std::move(value)}, {"url", search_address(without, 1)}});
    };
    auto without = choice;
    if (!choice.type.empty()) {
        without.type.clear();
        add("类型", type_label(choice.type), without);
    }
    without = choice;
    if (choice.site > 0) {
        without.site = -1;
        add("网站", site_name(facts, choice.site), without);
    }
    without = choice;
    if (choice.year != 0) {
        without.year = 0;
        add("年份", std::to_string(choice.year), without);
    }
    without = choice;
    if (choice.org != 0) {
        without.org = 0;
        const auto name = org_name(found, choice.org);
        add("发布机构", name.empty() ? std::to_string(choice.org) : name, without);
    }
    return out;
}

std::string address_of(const SiteFacts& facts, const search::Hit& hit)
{
    const bool here = hit.site == facts.site.id.value;
    return here ? hit.url : base_url_of(facts, base::SiteId{hit.site}) + hit.url;
}

/// Where else the item stands: by site, and on the same site by column.
List also_list(const SiteFacts& facts, const FoundItem& item)
{
    List out;
    for (const auto& other : item.also) {
        auto name = site_name(facts, other.site);
        const auto* column = find_column(facts, base::ColumnId{other.column});
        if (other.site == item.hit.site)
            name = column ? column->name : std::string("该网站其他栏目");
        out.push_back(Fields{{"name", std::move(name)}, {"url", address_of(facts, other)}});
    }
    return out;
}

List hit_list(const SiteFacts& facts, const std::vector<FoundItem>& items)
{
    List out;
    for (const auto& item : items) {
        const auto& hit = item.hit;
        auto also = also_list(facts, item);
        const bool also_shown = !also.empty();
        out.push_back(Fields{
            {"title", Html{marked_html(hit.title)}},
            {"snippet", Html{marked_html(hit.snippet)}},
            {"type", type_label(hit.type)},
            {"number", hit.document_number},
            {"date", base::to_date_text(hit.published_at)},
            {"datetime", base::to_date_text(hit.published_at)},
            {"site", site_name(facts, hit.site)},
            {"url", address_of(facts, hit)},
            {"also_shown", also_shown},
            {"also", std::move(also)}});
    }
    return out;
}

List sort_list(const SearchChoice& choice)
{
    const auto entry = [&](const char* name, bool current, const SearchChoice& next) {
        return Fields{{"name", name}, {"current", current}, {"url", search_address(next, 1)}};
    };
    auto relevance = choice;
    relevance.newest_first = false;
    auto newest = choice;
    newest.newest_first = true;
    auto scope = choice;
    scope.titles_only = !choice.titles_only;
    return {
        entry("按相关度", !choice.newest_first, relevance),
        entry("按时间", choice.newest_first, newest),
        entry(choice.titles_only ? "搜索全文" : "仅搜标题", false, scope)};
}

void set_matching(Fields& data, const SearchFacts& found)
{
    const auto& results = *found.results;
    auto corrected = found.choice;
    corrected.text = results.correction;
    const bool is_corrected = results.matching == search::Matching::Corrected;
    data.set("correction", results.correction);
    data.set("correction_url", search_address(corrected, 1));
    data.set("corrected", is_corrected);
    data.set("suggested", !is_corrected && !results.correction.empty());
    data.set("some_words", results.matching == search::Matching::SomeWords);
}

void set_results(Fields& data, const SiteFacts& facts, const SearchFacts& found)
{
    const auto& results = *found.results;
    data.set("asked", true);
    data.set("total", found.total == 0 ? "" : std::to_string(found.total));
    data.set("at_least", !results.total_is_exact);
    data.set("sorts_shown", found.total > 1);
    data.set("sorts", sort_list(found.choice));
    auto filters = filter_list(facts, found);
    data.set("filters_shown", !filters.empty());
    data.set("filters", std::move(filters));
    SearchChoice clear;
    clear.text = found.choice.text;
    clear.site = -1;
    data.set("clear_url", search_address(clear, 1));
    set_matching(data, found);
    auto hits = hit_list(facts, found.items);
    data.set("hits_shown", !hits.empty());
    data.set("hits", std::move(hits));
    auto facets = facet_lists(facts, found);
    data.set("facets_shown", !facets.empty());
    data.set("facets", std::move(facets));
    const auto reachable = std::min<std::int64_t>(found.total, search::offset_max);
    data.set("paging", paging_fields(reachable, found.choice.page, found.page_size, [&](int page) {
                 return search_address(found.choice, page);
             }));
}

} // namespace

std::string search_address(const SearchChoice& choice, int page)
{
    auto out = "/search?q=" + percent_encoded(choice.text);
    if (!choice.type.empty())
        out += "&type=" + percent_encoded(choice.type);
    if (choice.site != 0)
        out += fmt::format("&site={}", choice.site);
    if (choice.year != 0)
        out += fmt::format("&year={}", choice.year);
    if (choice.org != 0)
        out += fmt::format("&org={}", choice.org);
    if (choice.newest_first)
        out += "&sort=newest";
    if (choice.titles_only)
        out += "&in=title";
    if (page > 1)
        out += fmt::format("&page={}", page);
    return out;
}

std::string search_page(
    const Theme& theme, const SiteFacts& facts, const Visit& visit, const SearchFacts& found)
{
    PageHead head;
    head.title =
        found.choice.text.empty() ? "站内搜索" : "搜索：" + shortened(found.choice.text, 30);
    head.trail = {{"站内搜索", ""}};
    head.no_index = true;
    head.search_text = found.choice.text;
    auto data = frame_fields(facts, visit, head);
    List kept;
    if (found.choice.site != 0)
        kept.push_back(Fields{{"name", "site"}, {"value", found.choice.site}});
    if (found.choice.titles_only)
        kept.push_back(Fields{{"name", "in"}, {"value", "title"}});
    data.set("kept", std::move(kept));
    data.set("complaint", found.complaint);
    data.set("asked", false);
    if (found.results)
        set_results(data, facts, found);
    return theme.render("page/search", std::move(data));
}

} // namespace portal
