#include "publish/release/outcome_json.h"

#include "http/json.h"
#include "http/problem.h"
#include "publish/release/store.h"

namespace release {
namespace {

namespace json = boost::json;

constexpr std::size_t targets_max = 200;

std::optional<base::Instant> time_from(http::FieldReader& read, std::string_view name)
{
    const auto text = read.find_text(name, 40);
    if (!text || text->empty())
        return std::nullopt;
    const auto at = base::instant_from(*text);
    if (!at)
        read.complain(name, "时间应写成 2026-11-22 09:30 的样子");
    return at;
}

} // namespace

json::object to_json(const Publication& publication)
{
    json::object out{
        {"id", publication.id.value},
        {"item_id", publication.item.value},
        {"version_id", publication.version.value},
        {"site_id", publication.site.value},
        {"column_id", publication.column.value},
        {"url", publication.url},
        {"state", to_string(publication.state)},
        {"publish_at", base::to_iso_text(publication.publish_at)},
        {"pinned", publication.pinned},
        {"position", publication.position},
        {"changed_at", base::to_iso_text(publication.changed_at)},
        {"withdrawn_reason", publication.withdrawn_reason},
    };
    if (publication.expire_at)
        out["expire_at"] = base::to_iso_text(*publication.expire_at);
    return out;
}

json::object to_json(const Outcome& outcome)
{
    json::object out{
        {"target",
         {{"site_id", outcome.target.site.value}, {"column_id", outcome.target.column.value}}},
    };
    if (outcome.result)
        out["publication"] = to_json(*outcome.result);
    else
        out["error"] = {
            {"title", outcome.result.error().message},
            {"status", http::status_of(outcome.result.error().kind)},
            {"code", outcome.result.error().code},
        };
    return out;
}

base::Result<Order> order_from(const json::object& object, base::ItemId item)
{
    http::FieldReader read(object);
    Order order{.item = item};
    order.key = read.need_text("key", 80);
    order.publish_at = time_from(read, "publish_at");
    order.expire_at = time_from(read, "expire_at");
    order.pinned = read.find_flag("pinned").value_or(false);
    for (const auto& entry : read.find_array("targets", targets_max)) {
        const auto* target = entry.if_object();
        const auto* site = target == nullptr ? nullptr : target->if_contains("site_id");
        const auto* column = target == nullptr ? nullptr : target->if_contains("column_id");
        if (site == nullptr || column == nullptr || !site->is_int64() || !column->is_int64()) {
            read.complain("targets", "发布栏目的格式不对，请重新选择");
            break;
        }
        order.targets.push_back({{site->get_int64()}, {column->get_int64()}});
    }
    TRY(read.finish("release.invalid"));
    return order;
}

std::string outcomes_text(const std::vector<Outcome>& outcomes)
{
    json::array all;
    for (const auto& outcome : outcomes) {
        json::object one{
            {"site", outcome.target.site.value},
            {"column", outcome.target.column.value},
        };
        if (outcome.result) {
            one["publication"] = outcome.result->id.value;
        } else {
            one["kind"] = static_cast<int>(outcome.result.error().kind);
            one["code"] = outcome.result.error().code;
            one["message"] = outcome.result.error().message;
        }
        all.push_back(std::move(one));
    }
    return json::serialize(all);
}

std::vector<Outcome> outcomes_from_text(db::Transaction& tx, std::string_view text)
{
    std::vector<Outcome> outcomes;
    const auto all = json::parse({text.data(), text.size()});
    for (const auto& entry : all.as_array()) {
        const auto& one = entry.as_object();
        const library::Target target{{one.at("site").as_int64()}, {one.at("column").as_int64()}};
        if (const auto* id = one.if_contains("publication")) {
            if (const auto publication = store::find(tx, {id->as_int64()}))
                outcomes.push_back({target, *publication});
            continue;
        }
        outcomes.push_back(
            {target, base::refuse(
                         static_cast<base::Error::Kind>(one.at("kind").as_int64()),
                         std::string(one.at("code").as_string()),
                         std::string(one.at("message").as_string()))});
    }
    return outcomes;
}

} // namespace release
