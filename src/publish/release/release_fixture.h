#pragma once

// For this room's tests: a town with publishers, and what they do in one line each.

#include "db/events.h"
#include "publish/library/town_fixture.h"
#include "publish/release/pages.h"
#include "publish/release/release.h"
#include "publish/release/schema.h"

#include <fmt/format.h>
#include <string>
#include <variant>
#include <vector>

namespace release {

using library::ItemKind;
using library::ItemState;
using library::Target;
using library::Town;

class Releases : public db::testing::OnEveryBackend {
protected:
    Town town{GetParam(), migrations()};
    base::Actor publisher = town.person("publisher", town.county, "publisher");
    base::Actor stranger = town.person("stranger", town.other_county, "publisher");
    base::Actor city_desk = town.person("city-desk", town.city, "publisher");
    base::Instant now = town.now;
    const Target news{town.site, town.news};
    const Target other_news{town.other_site, town.other_news};
    int keys = 0;

    /// Passed every level, by fiat: review is another room's affair.
    library::Item approved(const library::Content& content, ItemKind kind = ItemKind::Article)
    {
        const auto item = town.draft(content, kind);
        return approve(item);
    }
    library::Item approve(const library::Item& item)
    {
        return town
            .write([&](db::Transaction& tx) {
                return library::move_state(tx, item.id, ItemState::Approved, item.newest, now);
            })
            .value();
    }
    library::Item approved() { return approved(town.good_content()); }
    library::Item next_version(base::ItemId id, const library::Content& content)
    {
        const auto item = town.load(id);
        return approve(town.write([&](db::Transaction& tx) {
                               return library::save_item(
                                   tx, town.writer, id, item.revision, content,
                                   library::SaveKind::ByHand, now);
                           })
                           .value());
    }
    Order order(base::ItemId item, std::vector<Target> targets)
    {
        return {.item = item, .targets = std::move(targets), .key = std::to_string(++keys)};
    }
    base::Result<std::vector<Outcome>> carry_out(const Order& wanted, const base::Actor& who)
    {
        return town.write([&](db::Transaction& tx) {
            const auto authority = identity::Authority::load(tx, who.user, now);
            return release(tx, who, authority, wanted, now);
        });
    }
    base::Result<std::vector<Outcome>> carry_out(const Order& wanted)
    {
        return carry_out(wanted, city_desk);
    }
    Publication put(base::ItemId item, Target target)
    {
        return carry_out(order(item, {target})).value().at(0).result.value();
    }
    template <typename Verb, typename... Arguments>
    auto act(const base::Actor& who, Verb verb, const Arguments&... arguments)
    {
        return town.write([&](db::Transaction& tx) {
            const auto authority = identity::Authority::load(tx, who.user, now);
            return verb(tx, who, authority, arguments..., now);
        });
    }
    std::string found(const Target& at, const std::string& url)
    {
        return town.read([&](db::Transaction& tx) -> std::string {
            const auto answer = find_by_url(tx, at.site, url);
            if (!answer)
                return "nothing";
            if (const auto* moved = std::get_if<MovedTo>(&*answer))
                return moved->url;
            const auto* shown = std::get_if<Shown>(&*answer);
            return shown ? shown->version.content.title : "gone";
        });
    }
    std::vector<std::string> list(const std::vector<base::ColumnId>& columns)
    {
        return town.read([&](db::Transaction& tx) {
            std::vector<std::string> titles;
            for (const auto& line : list_live(tx, columns, 0, 100))
                titles.push_back(line.title);
            return titles;
        });
    }
    bool is_public(const std::string& hash)
    {
        return town.read(
            [&](db::Transaction& tx) { return find_public_file(tx, hash).has_value(); });
    }
    int settle()
    {
        return town.write([&](db::Transaction& tx) { return settle_due(tx, now); });
    }
    std::int64_t last_event()
    {
        return town.read([](db::Transaction& tx) { return db::find_last_event_id(tx); });
    }
    std::vector<std::string> events_after(std::int64_t cursor)
    {
        std::vector<std::string> all;
        for (const auto& event :
             town.read([&](db::Transaction& tx) { return db::list_events_after(tx, cursor, 100); }))
            all.push_back(fmt::format("{} {}", event.kind, event.subject));
        return all;
    }
};

} // namespace release
