#include "publish/release/release.h"

#include "core/audit/audit.h"
#include "core/site/column.h"
#include "core/site/site.h"
#include "db/jobs.h"
#include "publish/library/body_files.h"
#include "publish/library/draft.h"
#include "publish/library/files.h"
#include "publish/library/query.h"
#include "publish/library/rights.h"
#include "publish/release/announce.h"
#include "publish/release/events.h"
#include "publish/release/jobs.h"
#include "publish/release/outcome_json.h"
#include "publish/release/refusals.h"
#include "publish/release/store.h"

#include <algorithm>
#include <fmt/format.h>

namespace release {
namespace {

namespace ability = identity::ability;

constexpr std::size_t targets_max = 200;

base::Result<> check_times(const Order& order, base::Instant now)
{
    const auto begin = order.publish_at.value_or(now);
    if (order.expire_at && *order.expire_at <= std::max(begin, now))
        return bad_times("到期时间应晚于发布时间");
    if (order.publish_at && *order.publish_at > now + std::chrono::days(366))
        return bad_times("定时发布不能超过一年");
    return {};
}

/// Files of a version that the public may fetch: attachments, cover, pictures in the text.
std::vector<library::Attachment> public_files(db::Transaction& tx, const library::Content& content)
{
    auto files = content.attachments;
    auto hashes = library::list_files_in(content.body_html);
    if (!content.cover_hash.empty())
        hashes.push_back(content.cover_hash);
    for (const auto& hash : hashes) {
        if (const auto file = library::find_file(tx, hash))
            files.push_back({file->hash, file->name, file->size, file->media_type});
    }
    return files;
}

/// The same key with the same wishes is the same order, come twice; somebody who corrects his
/// choice and sends the form again means a new one.
std::string fingerprint(const Order& order)
{
    const auto millis = [](const std::optional<base::Instant>& at) {
        return at ? base::to_millis(*at) : 0;
    };
    auto text = fmt::format(
        "{}|{}|{}|{}|{}", order.key, order.item.value, millis(order.publish_at),
        millis(order.expire_at), order.pinned);
    for (const auto& target : order.targets)
        text += fmt::format("|{}.{}", target.site.value, target.column.value);
    return text;
}

/// One order being carried out.
class Release {
public:
    Release(
        db::Transaction& tx, const base::Actor& actor, const identity::Authority& authority,
        const Order& order, base::Instant now)
        : tx_(tx)
        , actor_(actor)
        , authority_(authority)
        , order_(order)
        , now_(now)
    {
    }

    base::Result<std::vector<Outcome>> run()
    {
        item_ = TRY(load_releasable());
        version_ = TRY(library::load_version(tx_, item_.approved));
        std::vector<Outcome> outcomes;
        for (const auto& target : order_.targets)
            outcomes.push_back({target, release_to(target)});
        TRY(settle_item(tx_, item_.id, now_));
        store::insert_order(
            tx_, fingerprint(order_), item_.id, actor_.user, outcomes_text(outcomes), now_);
        return outcomes;
    }

private:
    base::Result<library::Item> load_releasable()
    {
        auto item = TRY(library::load_item(tx_, order_.item));
        if (!item.approved)
            return not_approved();
        return item;
    }

    base::Result<site::Column> load_target(const library::Target& target)
    {
        auto column = TRY(site::load_column(tx_, target.column));
        if (column.site != target.site)
            return wrong_site();
        const auto place = TRY(place_of(tx_, column));
        if (!authority_.may(ability::release_publish, place))
            return forbidden();
        if (column.kind == site::ColumnKind::Channel)
            return channel_holds_nothing();
        return column;
    }

    /// What another organisation wrote may stand here when it shares it, or asked for this column.
    base::Result<> check_owner_agrees(const library::Target& target)
    {
        const auto& asked = version_.content.targets;
        const bool agrees = item_.shared
                            || std::find(asked.begin(), asked.end(), target) != asked.end()
                            || library::may_do(tx_, authority_, ability::library_write, item_)
                            || authority_.may(ability::release_publish, {.org = item_.org});
        if (!agrees)
            return not_shared();
        return {};
    }

    base::Result<Publication> release_to(const library::Target& target)
    {
        const auto column = TRY(load_target(target));
        TRY(check_owner_agrees(target));
        TRY(check_times(order_, now_));
        const bool later = order_.publish_at && *order_.publish_at > now_;
        auto existing = store::find_in_column(tx_, item_.id, column.id);
        if (existing && existing->state == PublicationState::Live && later)
            return already_live();
        auto publication =
            existing ? renewed(*existing, later) : created(target, column.path, later);
        store::replace_files(tx_, publication.id, public_files(tx_, version_.content));
        const auto unlinked = store::list_links(tx_, publication.id);
        const bool reads = item_.kind == library::ItemKind::Interpretation;
        store::replace_links(
            tx_, publication.id, reads ? version_.content.interprets : std::vector<base::ItemId>());
        enqueue_due(publication);
        if (!later)
            announce(tx_, events::published, publication, now_, {.unlinked = unlinked});
        record(publication, column, later);
        return publication;
    }

    Publication created(const library::Target& target, std::string_view column_path, bool later)
    {
        const Publication publication{
            .item = item_.id,
            .version = version_.id,
            .site = target.site,
            .column = target.column,
            .state = later ? PublicationState::Scheduled : PublicationState::Live,
            // A time in the past is an honest date of release of what is brought in from elsewhere.
            .publish_at = order_.publish_at.value_or(now_),
            .expire_at = order_.expire_at,
            .pinned = order_.pinned,
            .changed_at = now_,
        };
        return store::insert(tx_, publication, item_, version_.content, column_path);
    }

    /// A live page gets the new text at its address and keeps its date; what was down begins anew.
    Publication renewed(Publication publication, bool later)
    {
        const bool was_live = publication.state == PublicationState::Live;
        publication.version = version_.id;
        publication.state = later ? PublicationState::Scheduled : PublicationState::Live;
        if (!was_live)
            publication.publish_at = order_.publish_at.value_or(now_);
        publication.expire_at = order_.expire_at;
        publication.pinned = publication.pinned || order_.pinned;
        publication.withdrawn_reason.clear();
        publication.changed_at = now_;
        store::update(tx_, publication, item_, version_.content);
        return publication;
    }

    void enqueue_due(const Publication& publication)
    {
        const auto key = std::to_string(publication.id.value);
        if (publication.state == PublicationState::Scheduled)
            db::enqueue_job(tx_, jobs::due, key + ":begin", "{}", publication.publish_at);
        if (publication.expire_at)
            db::enqueue_job(tx_, jobs::due, key + ":end", "{}", *publication.expire_at);
    }

    void record(const Publication& publication, const site::Column& column, bool later)
    {
        audit::record(
            tx_, actor_,
            {.action = later ? "release.schedule" : "release.publish",
             .subject_kind = "item",
             .subject = item_.id.value,
             .summary = fmt::format(
                 "{}《{}》第{}版到栏目“{}”：{}", later ? "定时发布" : "发布",
                 version_.content.title, version_.number, column.name, publication.url),
             .after = version_.digest},
            now_);
    }

    db::Transaction& tx_;
    const base::Actor& actor_;
    const identity::Authority& authority_;
    const Order& order_;
    base::Instant now_;
    library::Item item_;
    library::Version version_;
};

} // namespace

base::Result<std::vector<Outcome>> release(
    db::Transaction& tx, const base::Actor& actor, const identity::Authority& authority,
    const Order& order, base::Instant now)
{
    if (order.targets.empty() || order.targets.size() > targets_max)
        return no_targets();
    if (order.key.empty())
        return key_missing();
    if (const auto done = store::find_order(tx, fingerprint(order)))
        return outcomes_from_text(tx, done->outcome);
    return Release(tx, actor, authority, order, now).run();
}

} // namespace release
