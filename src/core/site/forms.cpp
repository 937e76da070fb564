#include "core/site/forms.h"

#include "http/json.h"

namespace site {
namespace {

void take_text(
    http::FieldReader& fields, std::string_view name, std::size_t length_max, std::string& into)
{
    if (auto text = fields.find_text(name, length_max))
        into = std::move(*text);
}

template <typename Id>
void take_id(http::FieldReader& fields, std::string_view name, Id& into)
{
    if (const auto number = fields.find_integer(name, 0, INT64_MAX))
        into.value = *number;
}

void take_number(http::FieldReader& fields, std::string_view name, int most, int& into)
{
    if (const auto number = fields.find_integer(name, 0, most))
        into = static_cast<int>(*number);
}

void take_domains(
    http::FieldReader& fields, const http::json::object& body, std::vector<std::string>& into)
{
    if (!body.contains("domains"))
        return;
    into.clear();
    for (const auto& value : fields.find_array("domains", 50)) {
        if (value.is_string())
            into.emplace_back(value.get_string());
        else
            fields.complain("domains", "域名应为文字");
    }
}

/// Three texts of each object of an array, the first of them optional.
template <typename Take>
void take_objects(
    http::FieldReader& fields, std::string_view name, std::size_t size_max, const Take& take)
{
    std::size_t index = 0;
    for (const auto& value : fields.find_array(name, size_max)) {
        const auto place = std::string(name) + "[" + std::to_string(index++) + "]";
        if (!value.is_object()) {
            fields.complain(place, "格式不正确");
            continue;
        }
        http::FieldReader inner(value.get_object());
        take(inner);
        const auto finished = inner.finish("site.invalid");
        if (finished)
            continue;
        for (const auto& error : finished.error().fields)
            fields.complain(place + "." + error.field, error.message);
    }
}

void take_lists(http::FieldReader& fields, const http::json::object& body, Site& site)
{
    if (body.contains("responsible")) {
        site.responsible.clear();
        take_objects(fields, "responsible", 30, [&](http::FieldReader& inner) {
            ResponsiblePerson person;
            person.duty = inner.need_text("duty", 20);
            person.name = inner.need_text("name", 50);
            person.phone = inner.find_text("phone", 50).value_or("");
            site.responsible.push_back(std::move(person));
        });
    }
    if (body.contains("links")) {
        site.links.clear();
        take_objects(fields, "links", 300, [&](http::FieldReader& inner) {
            FriendlyLink link;
            link.group = inner.need_text("group", 50);
            link.name = inner.need_text("name", 100);
            link.url = inner.need_text("url", 500);
            site.links.push_back(std::move(link));
        });
    }
}

} // namespace

base::Result<Site> read_site(const http::Request& request, Site site)
{
    const auto body = TRY(http::json_body(request));
    http::FieldReader fields(body);
    site.code = fields.need_text("code", 30);
    site.name = fields.need_text("name", 100);
    const auto kind = site_kind_from(fields.need_text("kind", 20));
    if (!kind)
        fields.complain("kind", "请选择网站类别");
    site.kind = kind.value_or(site.kind);
    if (const auto text = fields.find_text("state", 20)) {
        const auto state = site_state_from(*text);
        if (!state)
            fields.complain("state", "请选择网站状态");
        site.state = state.value_or(site.state);
    }
    take_text(fields, "english_name", 200, site.english_name);
    take_id(fields, "supervising_org_id", site.supervising_org);
    take_id(fields, "sponsor_org_id", site.sponsor_org);
    take_id(fields, "operator_org_id", site.operator_org);
    take_text(fields, "primary_domain", 253, site.primary_domain);
    take_domains(fields, body, site.domains);
    take_text(fields, "site_code", 10, site.site_code);
    take_text(fields, "icp_number", 50, site.icp_number);
    take_text(fields, "police_filing_number", 50, site.police_filing_number);
    take_text(fields, "badge_id", 32, site.badge_id);
    take_text(fields, "contact_phone", 50, site.contact_phone);
    take_text(fields, "contact_email", 100, site.contact_email);
    take_text(fields, "contact_address", 200, site.contact_address);
    take_text(fields, "description", 500, site.description);
    take_lists(fields, body, site);
    take_text(fields, "theme", 40, site.theme);
    if (const auto* const layout = fields.find_object("layout"))
        site.layout = http::json::serialize(*layout);
    take_number(fields, "revision", 1'000'000'000, site.revision);
    TRY(fields.finish("site.invalid"));
    return site;
}

base::Result<Column> read_column(const http::Request& request, Column column)
{
    const auto body = TRY(http::json_body(request));
    http::FieldReader fields(body);
    take_id(fields, "parent_id", column.parent);
    column.name = fields.need_text("name", 50);
    column.slug = fields.need_text("slug", 40);
    const auto kind = column_kind_from(fields.need_text("kind", 20));
    if (!kind)
        fields.complain("kind", "请选择栏目形式");
    column.kind = kind.value_or(column.kind);
    take_text(fields, "column_type", 50, column.column_type);
    take_text(fields, "description", 500, column.description);
    take_text(fields, "keywords", 200, column.keywords);
    take_id(fields, "owner_org_id", column.owner_org);
    take_number(fields, "update_cycle_days", 3660, column.update_cycle_days);
    column.in_nav = fields.find_flag("in_nav").value_or(column.in_nav);
    column.hidden = fields.find_flag("hidden").value_or(column.hidden);
    take_number(fields, "position", 1'000'000, column.position);
    take_number(fields, "review_levels", 5, column.review_levels);
    TRY(fields.finish("site.column_invalid"));
    return column;
}

} // namespace site
