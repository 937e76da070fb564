#include "core/site/json.h"

#include <algorithm>

namespace site {
namespace {

namespace json = boost::json;

std::string member(const json::object& object, std::string_view name)
{
    const auto* const value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

json::array to_json(const std::vector<ResponsiblePerson>& persons)
{
    json::array array;
    for (const auto& person : persons)
        array.push_back(
            json::object{{"duty", person.duty}, {"name", person.name}, {"phone", person.phone}});
    return array;
}

json::array to_json(const std::vector<FriendlyLink>& links)
{
    json::array array;
    for (const auto& link : links)
        array.push_back(
            json::object{{"group", link.group}, {"name", link.name}, {"url", link.url}});
    return array;
}

} // namespace

std::string to_text(const std::vector<ResponsiblePerson>& persons)
{
    return json::serialize(to_json(persons));
}

std::string to_text(const std::vector<FriendlyLink>& links)
{
    return json::serialize(to_json(links));
}

std::vector<ResponsiblePerson> responsible_from(std::string_view text)
{
    std::vector<ResponsiblePerson> persons;
    const auto array = json::parse(json::string_view(text.data(), text.size()));
    for (const auto& value : array.as_array()) {
        const auto& object = value.as_object();
        persons.push_back(
            {member(object, "duty"), member(object, "name"), member(object, "phone")});
    }
    return persons;
}

std::vector<FriendlyLink> links_from(std::string_view text)
{
    std::vector<FriendlyLink> links;
    const auto array = json::parse(json::string_view(text.data(), text.size()));
    for (const auto& value : array.as_array()) {
        const auto& object = value.as_object();
        links.push_back({member(object, "group"), member(object, "name"), member(object, "url")});
    }
    return links;
}

json::object to_json(const Site& site)
{
    json::array domains;
    for (const auto& domain : site.domains)
        domains.emplace_back(domain);
    json::object object{
        {"id", site.id.value},
        {"code", site.code},
        {"name", site.name},
        {"english_name", site.english_name},
        {"kind", to_string(site.kind)},
        {"state", to_string(site.state)},
        {"supervising_org_id", site.supervising_org.value},
        {"sponsor_org_id", site.sponsor_org.value},
        {"operator_org_id", site.operator_org.value},
        {"primary_domain", site.primary_domain},
        {"domains", std::move(domains)},
        {"site_code", site.site_code},
        {"icp_number", site.icp_number},
        {"police_filing_number", site.police_filing_number},
        {"badge_id", site.badge_id},
        {"contact_phone", site.contact_phone},
        {"contact_email", site.contact_email},
        {"contact_address", site.contact_address},
        {"description", site.description},
        {"responsible", to_json(site.responsible)},
        {"links", to_json(site.links)},
        {"theme", site.theme},
        {"revision", site.revision}};
    object["layout"] = site.layout.empty() ? json::value(json::object()) : json::parse(site.layout);
    return object;
}

json::object to_json(const Column& column)
{
    const auto steps = std::count(column.id_path.begin(), column.id_path.end(), '/');
    return {
        {"id", column.id.value},
        {"site_id", column.site.value},
        {"parent_id", column.parent.value},
        {"name", column.name},
        {"slug", column.slug},
        {"path", column.path},
        {"depth", steps - 1},
        {"kind", to_string(column.kind)},
        {"column_type", column.column_type},
        {"description", column.description},
        {"keywords", column.keywords},
        {"owner_org_id", column.owner_org.value},
        {"update_cycle_days", column.update_cycle_days},
        {"in_nav", column.in_nav},
        {"hidden", column.hidden},
        {"position", column.position},
        {"review_levels", column.review_levels}};
}

} // namespace site
