#pragma once

// Release (发布): an approved version stands in a column of a site. One item may stand in many
// columns of many sites at once, all from the same version (信息同源、分发同时, R-061).

#include "base/clock.h"
#include "base/id.h"
#include "publish/library/item.h"

#include <optional>
#include <string>
#include <string_view>

namespace release {

using PublicationId = base::Id<struct Publication>;

enum class PublicationState { Scheduled, Live, Expired, Withdrawn };
std::string_view to_string(PublicationState);
std::string_view to_chinese(PublicationState);
std::optional<PublicationState> publication_state_from(std::string_view);

struct Publication {
    PublicationId id;
    base::ItemId item;
    library::VersionId version;
    base::SiteId site;
    base::ColumnId column;
    std::string url; // "/zwgk/zcwj/2026/1122/240.html": stable for ever on its site.
    PublicationState state = PublicationState::Live;
    base::Instant publish_at; // Scheduled or actual first release; shown as 发布时间.
    std::optional<base::Instant> expire_at;
    bool pinned = false;
    int position = 0; // Higher stands earlier among the pinned.
    base::Instant changed_at;
    std::string withdrawn_reason;
};

} // namespace release
