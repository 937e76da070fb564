#include "publish/library/api_items.h"

#include "core/org/org.h"
#include "db/database.h"
#include "publish/library/content_json.h"
#include "publish/library/draft.h"
#include "publish/library/query.h"
#include "publish/library/refusals.h"
#include "publish/library/rights.h"
#include "publish/library/submission.h"

#include <algorithm>

namespace library {
namespace {

namespace json = http::json;
using identity::Authority;
namespace ability = identity::ability;

constexpr int page_size_max = 100;

std::vector<std::string_view> split(std::string_view list)
{
    std::vector<std::string_view> parts;
    while (!list.empty()) {
        const auto comma = list.find(',');
        parts.push_back(list.substr(0, comma));
        list = comma == std::string_view::npos ? "" : list.substr(comma + 1);
    }
    return parts;
}

auto bad_filter(std::string_view field)
{
    return base::refuse_fields(
        "library.bad_filter", {{std::string(field), "筛选条件不对，请重新选择"}});
}

base::Result<> read_states_and_kinds(const http::Request& request, ItemFilter& filter)
{
    for (const auto name : split(request.query_value("state").value_or(""))) {
        const auto state = item_state_from(name);
        if (!state)
            return bad_filter("state");
        filter.states.push_back(*state);
    }
    for (const auto name : split(request.query_value("kind").value_or(""))) {
        const auto kind = item_kind_from(name);
        if (!kind)
            return bad_filter("kind");
        filter.kinds.push_back(*kind);
    }
    return {};
}

base::Result<> read_dates(const http::Request& request, ItemFilter& filter)
{
    if (const auto from = request.query_value("from"); from && !from->empty()) {
        const auto date = base::date_from(*from);
        if (!date)
            return bad_filter("from");
        filter.updated_from = base::china_midnight(*date);
    }
    if (const auto until = request.query_value("until"); until && !until->empty()) {
        const auto date = base::date_from(*until);
        if (!date)
            return bad_filter("until");
        filter.updated_until = base::china_midnight(*date) + std::chrono::days(1);
    }
    return {};
}

ItemOrder order_from(std::string_view name)
{
    if (name == "updated_oldest")
        return ItemOrder::UpdatedOldest;
    if (name == "created_newest")
        return ItemOrder::CreatedNewest;
    return name == "title" ? ItemOrder::Title : ItemOrder::UpdatedNewest;
}

/// Restricts the filter to what the asker may read.
void restrict_to(ItemFilter& filter, Readable readable)
{
    filter.with_shared = true;
    filter.all_orgs = readable.all_orgs;
    filter.orgs = std::move(readable.orgs);
    filter.reader_sites = std::move(readable.sites);
    filter.reader_columns = std::move(readable.columns);
}

base::Result<ItemFilter> filter_from(
    db::Transaction& tx, const http::Request& request, const Authority& authority)
{
    constexpr std::int64_t any_id_max = INT64_MAX;
    ItemFilter filter;
    filter.text = request.query_value("q").value_or("");
    TRY(read_states_and_kinds(request, filter));
    TRY(read_dates(request, filter));
    filter.order = order_from(request.query_value("sort").value_or(""));
    if (const auto site = TRY(request.query_number("site", 0, 0, any_id_max)); site != 0)
        filter.target_site = base::SiteId{site};
    if (const auto column = TRY(request.query_number("column", 0, 0, any_id_max)); column != 0)
        filter.target_column = base::ColumnId{column};
    if (request.query_value("mine") == "true")
        filter.author = request.actor.user;
    const base::OrgId wanted{TRY(request.query_number("org", 0, 0, any_id_max))};
    restrict_to(filter, readable_by(tx, authority, ability::library_read));
    if (wanted)
        filter.owners = org::list_subtree(tx, wanted);
    return filter;
}

http::Reply list(db::Database& database, const http::Request& request)
{
    const auto page = TRY(request.query_number("page", 1, 1, 1'000'000));
    const auto size = TRY(request.query_number("size", 20, 1, page_size_max));
    return database.read([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        const auto filter = TRY(filter_from(tx, request, authority));
        json::array items;
        const auto offset = static_cast<int>((page - 1) * size);
        for (const auto& item : list_items(tx, filter, offset, static_cast<int>(size)))
            items.push_back(to_json(item));
        return http::json_response(
            json::object{{"total", count_items(tx, filter)}, {"items", std::move(items)}});
    });
}

http::Reply show(db::Database& database, const http::Request& request, const ItemDecorator& more)
{
    const auto id = TRY(request.id<base::ItemId>("id"));
    return database.read([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        const auto item = TRY(load_readable(tx, authority, id));
        return http::json_response(TRY(item_detail(tx, authority, item, more)));
    });
}

base::Result<Content> content_of(const json::object& body)
{
    const auto* content = body.if_contains("content");
    if (content == nullptr || !content->is_object())
        return base::refuse_fields("library.invalid", {{"content", "缺少稿件内容"}});
    return content_from(content->get_object());
}

http::Reply create(db::Database& database, const http::Request& request, const ItemDecorator& more)
{
    const auto body = TRY(http::json_body(request));
    http::FieldReader read(body);
    const auto kind = item_kind_from(read.need_text("kind", 20));
    if (!kind)
        read.complain("kind", "请选择稿件类型");
    const base::OrgId org{
        read.find_integer("org_id", 1, INT64_MAX).value_or(request.actor.org.value)};
    TRY(read.finish("library.invalid"));
    const auto content = TRY(content_of(body));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        const bool may = may_do(tx, authority, ability::library_write, org, content.targets)
                         || authority.may(ability::library_contribute, {.org = org});
        if (!may)
            TRY(identity::require(authority, ability::library_write, {.org = org}));
        const auto item = TRY(create_item(tx, request.actor, *kind, org, content, request.now));
        return http::json_response(TRY(item_detail(tx, authority, item, more)), 201);
    });
}

/// A refused save shows the other's text beside one's own: nothing is lost.
http::Reply conflict(
    db::Transaction& tx, const Authority& authority, const base::Error& error, base::ItemId id,
    const ItemDecorator& more)
{
    const auto item = TRY(load_item(tx, id));
    return http::json_response(
               json::object{
                   {"title", error.message},
                   {"status", 409},
                   {"code", error.code},
                   {"current", TRY(item_detail(tx, authority, item, more))},
               },
               409)
        .with_header("Content-Type", "application/problem+json; charset=utf-8");
}

http::Reply save(db::Database& database, const http::Request& request, const ItemDecorator& more)
{
    const auto id = TRY(request.id<base::ItemId>("id"));
    const auto body = TRY(http::json_body(request));
    http::FieldReader read(body);
    const auto revision = static_cast<int>(read.need_integer("revision", 0, INT32_MAX));
    const auto kind =
        read.find_flag("autosave").value_or(false) ? SaveKind::Autosave : SaveKind::ByHand;
    TRY(read.finish("library.invalid"));
    const auto content = TRY(content_of(body));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        const auto before = TRY(load_for(tx, authority, id, ability::library_write));
        // A writer of some columns may not send the text to others.
        const bool within =
            may_do(tx, authority, ability::library_write, before.org, content.targets)
            || authority.may(ability::library_contribute, {.org = before.org});
        if (!within && content.targets != list_targets(tx, id))
            TRY(identity::require(authority, ability::library_write, {.org = before.org}));
        const auto saved =
            save_item(tx, request.actor, before.id, revision, content, kind, request.now);
        if (!saved && saved.error().code == "library.changed")
            return conflict(tx, authority, saved.error(), id, more);
        if (!saved)
            return tl::unexpected(saved.error());
        return http::json_response(TRY(item_detail(tx, authority, *saved, more)));
    });
}

http::Reply share(db::Database& database, const http::Request& request, const ItemDecorator& more)
{
    const auto id = TRY(request.id<base::ItemId>("id"));
    const auto body = TRY(http::json_body(request));
    http::FieldReader read(body);
    const auto shared = read.find_flag("shared");
    if (!shared)
        read.complain("shared", "请说明是否共享");
    TRY(read.finish("library.invalid"));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        TRY(load_for(tx, authority, id, ability::library_write));
        const auto item = TRY(set_shared(tx, request.actor, id, *shared, request.now));
        return http::json_response(TRY(item_detail(tx, authority, item, more)));
    });
}

json::array may_of(db::Transaction& tx, const Authority& authority, const Item& item)
{
    const identity::Place place{.org = item.org};
    const bool writes = may_do(tx, authority, ability::library_write, item);
    const bool open = item.state == ItemState::Draft || item.state == ItemState::Returned;
    json::array may;
    const auto add = [&](bool allowed, std::string_view deed) {
        if (allowed)
            may.emplace_back(deed);
    };
    add((writes || authority.may(ability::library_contribute, place)) && may_edit(item.state),
        "edit");
    add(writes && open, "submit");
    add(writes && item.state == ItemState::InReview, "take_back");
    add(open && authority.may(ability::review_emergency, place), "emergency");
    add(static_cast<bool>(item.approved) && authority.may(ability::release_publish), "release");
    // Also what a review after an emergency release did not pass: it may still stand.
    const bool was_released = item.approved || item.state == ItemState::Returned;
    add(was_released && authority.may(ability::release_withdraw), "withdraw");
    add(writes, "share");
    add(authority.may(ability::library_contribute, place), "contribute");
    return may;
}

/// Linked items, as far as the asker may know of them.
json::array readable_items(
    db::Transaction& tx, const Authority& authority, const std::vector<base::ItemId>& ids)
{
    json::array items;
    for (const auto id : ids) {
        const auto item = find_item(tx, id);
        if (item && may_read(tx, authority, *item))
            items.push_back(to_json(*item));
    }
    return items;
}

} // namespace

base::Result<Item> load_readable(db::Transaction& tx, const Authority& authority, base::ItemId id)
{
    auto item = TRY(load_item(tx, id));
    if (!may_read(tx, authority, item))
        return item_not_found();
    return item;
}

base::Result<Item> load_for(
    db::Transaction& tx, const Authority& authority, base::ItemId id, std::string_view wanted)
{
    auto item = TRY(load_readable(tx, authority, id));
    const identity::Place place{.org = item.org};
    // A contributor writes what its own unit drafts, and hands it in; it never goes to review
    // alone.
    const bool contributes =
        wanted == ability::library_write && authority.may(ability::library_contribute, place);
    if (!contributes && !may_do(tx, authority, wanted, item))
        TRY(identity::require(authority, wanted, place));
    return item;
}

base::Result<json::object> item_detail(
    db::Transaction& tx, const Authority& authority, const Item& item, const ItemDecorator& more)
{
    const auto version = TRY(load_version(tx, item.newest));
    auto answer = to_json(item);
    answer["content"] = to_console_json(version.content);
    answer["may"] = may_of(tx, authority, item);
    json::object faults;
    for (const auto& fault : submission_faults(item.kind, version.content))
        faults[fault.field] = fault.message;
    answer["faults"] = std::move(faults);
    if (item.kind == ItemKind::Policy)
        answer["interpretations"] =
            readable_items(tx, authority, list_interpretations_of(tx, item.id));
    if (item.kind == ItemKind::Interpretation)
        answer["policies"] = readable_items(tx, authority, list_policies_of(tx, item.id));
    if (more)
        more(tx, item, answer);
    return answer;
}

http::Routes item_routes(db::Database& database, ItemDecorator more)
{
    using http::Method;
    return {
        {Method::Get, "/api/items", http::needs(ability::library_read),
         [&database](const http::Request& request) { return list(database, request); }},
        {Method::Post, "/api/items", http::signed_in,
         [&database, more](const http::Request& request) {
             return create(database, request, more);
         },
         8U << 20},
        {Method::Get, "/api/items/{id}", http::needs(ability::library_read),
         [&database, more](const http::Request& request) { return show(database, request, more); }},
        {Method::Put, "/api/items/{id}", http::signed_in,
         [&database, more](const http::Request& request) { return save(database, request, more); },
         8U << 20},
        {Method::Put, "/api/items/{id}/shared", http::needs(ability::library_write),
         [&database, more](const http::Request& request) {
             return share(database, request, more);
         }},
    };
}

} // namespace library
