#pragma once

// The staff of the demonstration at work: finds who may do a step and does it in their name. Also
// what `huabiao import --publish` uses.

#include "app/demo_book.h"
#include "publish/library/item.h"

#include <vector>

namespace app {

class DemoDesk {
public:
    DemoDesk(db::Database&, const DemoBook&);

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
    struct Worker {
        identity::User user;
        identity::Authority authority;
    };

    const Worker& find_worker(
        std::string_view ability, const identity::Place&, const std::vector<base::UserId>& busy,
        const std::string& preferred_name = "") const;

    db::Database& database_;
    std::vector<Worker> workers_; // Their grants do not change while the demonstration loads.
};

} // namespace app
