#include "core/audit/api.h"

#include "core/audit/audit.h"
#include "core/audit/export.h"
#include "core/audit/json.h"
#include "core/audit/refusals.h"
#include "core/audit/verify.h"
#include "db/database.h"
#include "http/json.h"

#include <fmt/format.h>

namespace audit {
namespace {

constexpr std::string_view audit_read = "audit.read"; // identity::ability::audit_read.
constexpr int export_max = 50'000;                    // About 30 MB of CSV in memory.
constexpr std::int64_t page_max = 1'000'000;
constexpr std::int64_t number_max = INT64_MAX;

/// A day of the query, `days_later`; "until" counts the named day in.
base::Result<std::optional<base::Instant>> find_day(
    const http::Request& request, std::string_view name, std::chrono::days later)
{
    const auto text = request.query_value(name);
    if (!text || text->empty())
        return std::nullopt;
    const auto date = base::date_from(*text);
    if (!date)
        return bad_filter(std::string(name), "日期应写作 2026-11-22");
    return base::china_midnight(base::Date(std::chrono::sys_days(*date) + later));
}

std::string text_of(const http::Request& request, std::string_view name)
{
    return std::string(request.query_value(name).value_or(""));
}

base::Result<Filter> read_filter(const http::Request& request)
{
    Filter filter;
    const auto user = TRY(request.query_number("user", -1, 0, number_max));
    if (user >= 0)
        filter.user = base::UserId{user};
    const auto subject = TRY(request.query_number("subject", 0, 0, number_max));
    if (subject > 0)
        filter.subject = subject;
    filter.action_prefix = text_of(request, "action");
    filter.subject_kind = text_of(request, "subject_kind");
    filter.text = text_of(request, "q");
    filter.from = TRY(find_day(request, "from", std::chrono::days(0)));
    filter.until = TRY(find_day(request, "until", std::chrono::days(1)));
    return filter;
}

class Api {
public:
    Api(db::Database& database, VisibleOrgs visible_orgs)
        : database_(database)
        , visible_orgs_(std::move(visible_orgs))
    {
    }

    http::Reply list(const http::Request& request) const
    {
        auto filter = TRY(read_filter(request));
        const auto page = TRY(request.query_number("page", 1, 1, page_max));
        const auto size = TRY(request.query_number("size", 20, 1, 100));
        http::json::array items;
        const auto total = database_.read([&](db::Transaction& tx) {
            filter.orgs = visible_orgs_(tx, request.actor, request.now);
            const auto offset = static_cast<int>((page - 1) * size);
            for (const auto& record : list_records(tx, filter, offset, static_cast<int>(size)))
                items.push_back(to_json(record));
            return count_records(tx, filter);
        });
        return http::json_response({{"total", total}, {"items", std::move(items)}});
    }

    http::Reply export_file(const http::Request& request) const
    {
        auto filter = TRY(read_filter(request));
        std::string file;
        const auto total = database_.read([&](db::Transaction& tx) {
            filter.orgs = visible_orgs_(tx, request.actor, request.now);
            const auto found = count_records(tx, filter);
            if (found <= export_max)
                export_csv(tx, filter, export_max, [&](std::string_view piece) { file += piece; });
            return found;
        });
        if (total > export_max)
            return too_many_records(total, export_max);
        note(request, "audit.export", fmt::format("导出审计记录 {} 条", total));
        http::Response response;
        response.body = std::move(file);
        return std::move(response)
            .with_header("content-type", "text/csv; charset=utf-8")
            .with_header("content-disposition", "attachment; filename=\"audit.csv\"")
            .with_header("cache-control", "no-store");
    }

    http::Reply check(const http::Request& request) const
    {
        const auto orgs = database_.read(
            [&](db::Transaction& tx) { return visible_orgs_(tx, request.actor, request.now); });
        if (orgs)
            return only_for_all();
        const auto found = verify(database_);
        http::json::object object{
            {"records", found.records},
            {"intact", !found.breach},
            {"head_sequence", found.head.sequence},
            {"head_hash", found.head.hash}};
        if (found.breach)
            object["breach"] = http::json::object{
                {"kind", to_string(found.breach->kind)},
                {"sequence", found.breach->sequence},
                {"explanation", found.breach->explanation}};
        note(
            request, "audit.verify",
            found.breach ? "校验审计链：" + found.breach->explanation
                         : fmt::format("校验审计链：{} 条记录完整", found.records));
        return http::json_response(object);
    }

private:
    void note(const http::Request& request, std::string_view action, std::string summary) const
    {
        database_.write([&](db::Transaction& tx) {
            record(
                tx, request.actor, {.action = action, .summary = std::move(summary)}, request.now);
        });
    }

    db::Database& database_;
    VisibleOrgs visible_orgs_;
};

} // namespace

http::Routes routes(db::Database& database, VisibleOrgs visible_orgs)
{
    using http::Method;
    const Api api(database, std::move(visible_orgs));
    const auto access = http::needs(audit_read);
    return {
        {Method::Get, "/api/audit", access,
         [api](const http::Request& request) { return api.list(request); }},
        {Method::Get, "/api/audit.csv", access,
         [api](const http::Request& request) { return api.export_file(request); }},
        {Method::Post, "/api/audit/verify", access,
         [api](const http::Request& request) { return api.check(request); }},
    };
}

} // namespace audit
