#include "app/workbench.h"

#include "core/identity/ability.h"
#include "core/site/column.h"
#include "core/site/site.h"
#include "db/database.h"
#include "http/json.h"
#include "publish/library/content_json.h"
#include "publish/library/query.h"
#include "publish/library/rights.h"
#include "publish/library/submission.h"
#include "publish/release/pages.h"
#include "publish/review/inbox.h"

#include <fmt/format.h>
#include <map>

namespace app {
namespace {

namespace json = http::json;
namespace ability = identity::ability;
using identity::Authority;
using std::chrono::days;

constexpr int todos_max = 50;

json::object todo(std::string_view kind, std::string_view title, std::string link)
{
    return {{"kind", kind}, {"title", title}, {"link", std::move(link)}};
}

void add_due(json::object& out, const std::optional<base::Instant>& due, base::Instant now)
{
    if (!due)
        return;
    out["due_at"] = base::to_iso_text(*due);
    out["overdue"] = *due < now;
}

/// One person's bench at one moment.
class Bench {
public:
    Bench(db::Transaction& tx, const http::Request& request)
        : tx_(tx)
        , user_(request.actor.user)
        , now_(request.now)
        , authority_(Authority::load(tx, request.actor.user, request.now))
    {
    }

    json::object build()
    {
        add_reviews(review::Inbox::Waiting, "review");
        add_reviews(review::Inbox::LaterReview, "later_review");
        add_returned();
        add_submissions();
        add_approved();
        add_stale_columns();
        json::array mine;
        for (const auto& item : library::list_items(tx_, own_items({}), 0, 10))
            mine.push_back(library::to_json(item));
        return {
            {"todos", std::move(todos_)},
            {"mine", std::move(mine)},
            {"counts", std::move(counts_)},
        };
    }

private:
    library::ItemFilter own_items(std::vector<library::ItemState> states) const
    {
        return {.states = std::move(states), .all_orgs = true, .author = user_};
    }

    void add_reviews(review::Inbox inbox, std::string_view kind)
    {
        const review::InboxFilter filter{inbox, ""};
        counts_[kind] = review::count_inbox(tx_, user_, authority_, filter);
        for (const auto& flow : review::list_inbox(tx_, user_, authority_, filter, 0, todos_max)) {
            if (inbox == review::Inbox::Waiting && flow.later_review_due)
                continue; // Told once, as 补审.
            auto out = todo(kind, flow.title, fmt::format("/reviews/{}", flow.id.value));
            out["note"] = fmt::format(
                "{}送审，等待{}", flow.submitted_by_name,
                flow.levels.at(static_cast<std::size_t>(flow.level) - 1).name);
            out["since"] = base::to_iso_text(flow.submitted_at);
            add_due(out, flow.due_at, now_);
            todos_.push_back(std::move(out));
        }
    }

    void add_items(
        const library::ItemFilter& filter, std::string_view kind, std::string_view note,
        std::string_view page)
    {
        counts_[kind] = library::count_items(tx_, filter);
        for (const auto& item : library::list_items(tx_, filter, 0, todos_max)) {
            auto out = todo(kind, item.title, fmt::format("/items/{}{}", item.id.value, page));
            out["note"] = note;
            out["since"] = base::to_iso_text(item.updated_at);
            todos_.push_back(std::move(out));
        }
    }

    void add_returned()
    {
        add_items(
            own_items({library::ItemState::Returned}), "returned", "已退回，请按意见修改", "");
    }

    void add_approved()
    {
        if (!authority_.may(ability::release_publish))
            return;
        auto readable = library::readable_by(tx_, authority_, ability::release_publish);
        add_items(
            {.states = {library::ItemState::Approved},
             .all_orgs = readable.all_orgs,
             .orgs = std::move(readable.orgs),
             .reader_sites = std::move(readable.sites),
             .reader_columns = std::move(readable.columns)},
            "approved", "已通过审核，等待发布", "/release");
    }

    void add_submissions()
    {
        if (!authority_.may(ability::library_accept))
            return;
        const library::SubmissionFilter filter{
            .to_orgs = authority_.orgs_of(ability::library_accept).orgs,
            .state = library::SubmissionState::Pending};
        counts_["submission"] = library::count_submissions(tx_, filter);
        for (const auto& submission : library::list_submissions(tx_, filter, 0, todos_max)) {
            auto out = todo("submission", submission.title, "/submissions");
            out["note"] = fmt::format("{}投稿", submission.submitted_by_name);
            out["since"] = base::to_iso_text(submission.submitted_at);
            todos_.push_back(std::move(out));
        }
    }

    /// 应更新未更新: the last release in the column or below it is older than its cycle.
    void add_stale_columns()
    {
        std::int64_t count = 0;
        for (const auto& site : site::list_sites(tx_)) {
            const auto columns = site::list_columns(tx_, site.id);
            for (const auto& column : columns) {
                const bool mine =
                    column.update_cycle_days > 0 && !column.hidden
                    && authority_.may(
                        ability::library_write,
                        {.org = column.owner_org, .site = site.id, .column_path = column.id_path});
                if (mine && add_if_stale(site, column, columns))
                    ++count;
            }
        }
        counts_["stale_column"] = count;
    }

    bool add_if_stale(
        const site::Site& site, const site::Column& column,
        const std::vector<site::Column>& columns)
    {
        std::vector<base::ColumnId> below;
        for (const auto& other : columns) {
            if (other.id_path.starts_with(column.id_path))
                below.push_back(other.id);
        }
        const auto last = release::find_last_release(tx_, below);
        const auto due =
            last ? std::optional(*last + days(column.update_cycle_days)) : std::nullopt;
        // Told from three days before the day, so that it can be kept.
        if (due && now_ < *due - days(3))
            return false;
        auto out = todo(
            "stale_column", fmt::format("{}：{}", site.name, column.name),
            fmt::format("/sites/{}/columns?column={}", column.site.value, column.id.value));
        out["note"] =
            last ? fmt::format(
                "上次更新 {}，更新周期 {} 天", base::to_date_text(*last), column.update_cycle_days)
                 : std::string("空白栏目，还没有内容");
        add_due(out, due ? due : std::optional(now_), now_);
        todos_.push_back(std::move(out));
        return true;
    }

    db::Transaction& tx_;
    base::UserId user_;
    base::Instant now_;
    Authority authority_;
    json::array todos_;
    json::object counts_;
};

} // namespace

http::Routes workbench_routes(db::Database& database)
{
    return {
        {http::Method::Get, "/api/workbench", http::signed_in,
         [&database](const http::Request& request) -> http::Reply {
             return database.read([&](db::Transaction& tx) -> http::Reply {
                 return http::json_response(Bench(tx, request).build());
             });
         }},
    };
}

} // namespace app
