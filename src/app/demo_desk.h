#pragma once

// The staff of the demonstration at work: finds who may do a step and does it in their name. Also
// what `huabiao import --publish` uses.

#include "app/demo_book.h"
#include "publish/library/item.h"

#include <vector>

namespace app {

class DemoDesk {
public:
    DemoDesk(db::Database& database, const DemoBook& book)
        : database_(database)
        , book_(book)
    {
    }

    struct Work {
        library::ItemKind kind = library::ItemKind::Article;
        base::OrgId org;
        std::string author; // By name; whoever may write otherwise.
        library::Content content;
        base::Instant released_at;
        bool pinned = false;
        bool shared = false;
    };

    /// Drafts, has it reviewed level by level, and releases it to content.targets. Returns the
    /// item; adds to `publications`. Throws DemoMistake when nobody may do a step.
    base::ItemId publish(const Work&, int& publications);

private:
    base::Actor find_actor(
        db::Transaction&, std::string_view ability, const identity::Place&, base::Instant at,
        const std::vector<base::UserId>& not_these, const std::string& preferred_name = "") const;

    db::Database& database_;
    const DemoBook& book_;
};

} // namespace app
