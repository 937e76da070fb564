#include "app/search_feed.h"

#include "base/log.h"
#include "db/database.h"
#include "publish/release/events.h"
#include "publish/release/pages.h"
#include "search/index.h"
#include "text/plain_text.h"

#include <set>

namespace app {
namespace {

search::Document document_of(const release::Shown& shown)
{
    const auto& publication = shown.publication;
    const auto& content = shown.version.content;
    return {
        .id = publication.id.value,
        .site = publication.site.value,
        .column = publication.column.value,
        .type = std::string(library::to_string(shown.item.kind)),
        .org = shown.item.org.value,
        .year = static_cast<int>(base::china_date(publication.publish_at).year()),
        .published_at = publication.publish_at,
        .url = publication.url,
        .title = content.title,
        .document_number = content.policy.document_number,
        .summary = content.summary,
        .text = text::plain_text(content.body_html),
        .keywords = content.keywords,
    };
}

bool concerns_search(std::string_view kind)
{
    return kind == release::events::published || kind == release::events::withdrawn
           || kind == release::events::moved;
}

constexpr int batch_max = 500;

} // namespace

void SearchFeed::take(const std::vector<db::Event>& batch)
{
    // Only the state of now counts, so a publication that changed five times is read once.
    std::set<std::int64_t> touched;
    for (const auto& event : batch) {
        if (concerns_search(event.kind))
            touched.insert(event.subject);
    }
    std::vector<search::Document> live;
    std::vector<std::int64_t> gone;
    database_.read([&](db::Transaction& tx) {
        for (const auto id : touched) {
            if (const auto shown = release::find_live(tx, {id}))
                live.push_back(document_of(*shown));
            else
                gone.push_back(id);
        }
    });
    index_.put(live);
    index_.remove(gone);
    index_.commit(batch.back().id);
}

void SearchFeed::catch_up()
{
    const auto last =
        database_.read([](db::Transaction& tx) { return db::find_last_event_id(tx); });
    if (index_.cursor() > last) {
        base::log_warning("The search index is newer than the database; it is made anew");
        index_.clear();
        index_.commit(0);
    }
    std::size_t handled = 0;
    while (index_.cursor() < last) {
        const auto batch = database_.read([&](db::Transaction& tx) {
            return db::list_events_after(tx, index_.cursor(), batch_max);
        });
        if (batch.empty())
            break;
        take(batch);
        handled += batch.size();
    }
    if (handled > batch_max)
        base::log_info("The search index took in {} events", handled);
}

} // namespace app
