#include "portal/feeds.h"

#include "portal/frame.h"
#include "portal/markup.h"

namespace portal {
namespace {

void append_element(std::string& out, std::string_view name, std::string_view text)
{
    out += '<';
    out += name;
    out += '>';
    append_escaped(out, text);
    out += "</";
    out += name;
    out += ">\n";
}

std::string absolute(const SiteFacts& facts, const release::Listed& item)
{
    return base_url_of(facts, item.site) + item.url;
}

} // namespace

std::string rss_feed(
    const SiteFacts& facts, const site::Column* column, const std::vector<release::Listed>& items)
{
    const auto base = base_url_of(facts, facts.site.id);
    const auto path = column ? column->path : std::string("/");
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
                      "xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>\n";
    append_element(out, "title", column ? column->name + " - " + facts.site.name : facts.site.name);
    append_element(out, "link", base + path);
    append_element(out, "description", column ? column->description : facts.site.description);
    append_element(out, "language", "zh-cn");
    if (!items.empty())
        append_element(out, "lastBuildDate", base::to_http_date(items.front().published_at));
    out += "<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"";
    append_escaped(out, base + path + "rss.xml");
    out += "\"/>\n";
    for (const auto& item : items) {
        out += "<item>\n";
        append_element(out, "title", item.title);
        append_element(out, "link", absolute(facts, item));
        out += "<guid isPermaLink=\"true\">";
        append_escaped(out, absolute(facts, item));
        out += "</guid>\n";
        append_element(out, "pubDate", base::to_http_date(item.published_at));
        if (!item.summary.empty())
            append_element(out, "description", item.summary);
        out += "</item>\n";
    }
    return out + "</channel>\n</rss>\n";
}

std::string sitemap_xml(const SiteFacts& facts, const std::vector<release::Listed>& items)
{
    const auto base = base_url_of(facts, facts.site.id);
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
    const auto put = [&](const std::string& address, const std::string& changed) {
        out += "<url><loc>";
        append_escaped(out, address);
        out += "</loc>";
        if (!changed.empty())
            out += "<lastmod>" + changed + "</lastmod>";
        out += "</url>\n";
    };
    put(base + "/", "");
    for (const auto& column : facts.columns)
        put(base + column.path, "");
    for (const auto& item : items)
        put(absolute(facts, item), base::to_iso_text(item.published_at));
    return out + "</urlset>\n";
}

std::string robots_txt(const SiteFacts& facts)
{
    return "User-agent: *\nDisallow: /search\nDisallow: /console\nDisallow: /api/\n"
           "Disallow: /hant/\nSitemap: "
           + base_url_of(facts, facts.site.id) + "/sitemap.xml\n";
}

} // namespace portal
