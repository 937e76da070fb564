#include "app/demo_desk.h"

#include "base/random.h"
#include "db/database.h"
#include "publish/library/draft.h"
#include "publish/library/query.h"
#include "publish/release/release.h"
#include "publish/review/pass.h"
#include "publish/review/submit.h"

#include <algorithm>

namespace app {
namespace {

namespace ability = identity::ability;
using identity::Authority;
using std::chrono::minutes;

base::Actor actor_of(const identity::User& user)
{
    return {
        .user = user.id, .org = user.org, .name = user.name, .address = "-", .request_id = "demo"};
}

identity::Place place_of(db::Transaction& tx, const library::Target& target)
{
    const auto column = must(site::load_column(tx, target.column), "栏目");
    const auto site = must(site::load_site(tx, target.site), "网站");
    return {
        .org = column.owner_org ? column.owner_org : site.sponsor_org,
        .site = target.site,
        .column_path = column.id_path};
}

} // namespace

base::Actor DemoDesk::find_actor(
    db::Transaction& tx, std::string_view wanted, const identity::Place& place, base::Instant at,
    const std::vector<base::UserId>& not_these, const std::string& preferred_name) const
{
    const identity::User* found = nullptr;
    for (const auto& [login, user] : book_.staff) {
        const bool excluded =
            std::find(not_these.begin(), not_these.end(), user.id) != not_these.end();
        if (excluded || !Authority::load(tx, user.id, at).may(wanted, place))
            continue;
        if (user.name == preferred_name)
            return actor_of(user);
        // Somebody of the very organisation before somebody from above.
        const bool nearer = found == nullptr || (user.org == place.org && found->org != place.org);
        if (nearer)
            found = &user;
    }
    if (found == nullptr)
        throw DemoMistake(
            "data/demo/staff.yaml: 没有人能做 " + std::string(wanted) + "，机构编号 "
            + std::to_string(place.org.value));
    return actor_of(*found);
}

base::ItemId DemoDesk::publish(const Work& work, int& publications)
{
    return database_.write([&](db::Transaction& tx) {
        const identity::Place home{.org = work.org};
        const auto at = work.released_at;
        const auto author = find_actor(tx, ability::library_write, home, at, {}, work.author);
        auto item = must(
            library::create_item(tx, author, work.kind, work.org, work.content, at - minutes(150)),
            work.content.title);
        if (work.shared)
            item = must(
                library::set_shared(tx, author, item.id, true, at - minutes(140)),
                work.content.title);
        auto flow = must(
            review::submit(tx, author, item.id, item.revision, at - minutes(120)),
            work.content.title);

        std::vector<base::UserId> busy = {author.user};
        int step = 0;
        while (flow.state == review::FlowState::Open) {
            const auto reviewer = find_actor(tx, review::waiting_ability(flow), home, at, busy);
            busy.push_back(reviewer.user);
            const review::Decision decision{
                .reviewer = reviewer.user,
                .level = flow.level,
                .verdict = review::Verdict::Approve,
                .gates = {true, true, true, true, true},
                .proof = review::Proof{},
            };
            const auto authority = Authority::load(tx, reviewer.user, at);
            flow = must(
                review::pass(
                    tx, reviewer, authority, flow.id, decision, at - minutes(90 - 30 * step)),
                work.content.title);
            ++step;
        }
        for (const auto& target : work.content.targets) {
            const auto publisher =
                find_actor(tx, ability::release_publish, place_of(tx, target), at, {});
            const release::Order order{
                .item = item.id,
                .targets = {target},
                .publish_at = at,
                .pinned = work.pinned && target == work.content.targets.front(),
                .key = base::random_code(20),
            };
            const auto authority = Authority::load(tx, publisher.user, at);
            const auto outcomes =
                must(release::release(tx, publisher, authority, order, at), work.content.title);
            must(outcomes.front().result, work.content.title);
            ++publications;
        }
        return item.id;
    });
}

} // namespace app
