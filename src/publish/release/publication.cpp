#include "publish/release/publication.h"

#include "base/assert.h"

#include <array>

namespace release {

std::string_view to_string(PublicationState state)
{
    switch (state) {
    case PublicationState::Scheduled: return "scheduled";
    case PublicationState::Live: return "live";
    case PublicationState::Expired: return "expired";
    case PublicationState::Withdrawn: return "withdrawn";
    }
    base::verification_failed("a named PublicationState", __FILE__, __LINE__);
}

std::string_view to_chinese(PublicationState state)
{
    switch (state) {
    case PublicationState::Scheduled: return "待定时发布";
    case PublicationState::Live: return "已发布";
    case PublicationState::Expired: return "已到期";
    case PublicationState::Withdrawn: return "已撤下";
    }
    base::verification_failed("a named PublicationState", __FILE__, __LINE__);
}

std::optional<PublicationState> publication_state_from(std::string_view name)
{
    for (const auto state :
         {PublicationState::Scheduled, PublicationState::Live, PublicationState::Expired,
          PublicationState::Withdrawn}) {
        if (to_string(state) == name)
            return state;
    }
    return std::nullopt;
}

} // namespace release
