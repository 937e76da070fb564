#pragma once

// Contributions (投稿, 报送): a unit hands an item of its own to another organisation (a township
// to the county office), which accepts it as a draft of its own, or returns it with a reason
//

#include "base/actor.h"
#include "base/result.h"
#include "publish/library/item.h"

#include <optional>
#include <string>
#include <vector>

namespace db {
class Transaction;
}

namespace library {

using SubmissionId = base::Id<struct Submission>;

enum class SubmissionState { Pending, Accepted, Returned };
std::string_view to_string(SubmissionState);
std::optional<SubmissionState> submission_state_from(std::string_view);

struct Submission {
    SubmissionId id;
    base::ItemId item;
    std::string title;
    base::OrgId from_org;
    base::OrgId to_org;
    SubmissionState state = SubmissionState::Pending;
    std::string note;         // Of the sender.
    std::string answer;       // Of the receiver.
    base::ItemId accepted_as; // The receiver's new item.
    std::string submitted_by_name;
    base::Instant submitted_at;
    std::optional<base::Instant> answered_at;
};

/// Refuses with library.item_not_found, library.invalid, library.already_submitted.
base::Result<Submission> submit_item(
    db::Transaction&, const base::Actor&, base::ItemId, base::OrgId to, const std::string& note,
    base::Instant now);
/// Makes a draft in the receiving organisation with the contributor as its source.
base::Result<Submission> accept_submission(
    db::Transaction&, const base::Actor&, SubmissionId, const std::string& answer,
    base::Instant now);
base::Result<Submission> return_submission(
    db::Transaction&, const base::Actor&, SubmissionId, const std::string& answer,
    base::Instant now);

struct SubmissionFilter {
    std::vector<base::OrgId> from_orgs; // Either of both; empty: no bound on that side.
    std::vector<base::OrgId> to_orgs;   // Both empty finds nothing …
    bool everywhere = false;            // … unless the asker has no bounds.
    std::optional<SubmissionState> state;
};
base::Result<Submission> load_submission(db::Transaction&, SubmissionId);
std::vector<Submission> list_submissions(
    db::Transaction&, const SubmissionFilter&, int offset, int limit);
std::int64_t count_submissions(db::Transaction&, const SubmissionFilter&);
/// Organisations that the item was handed to and that have not answered yet: they may read it.
std::vector<base::OrgId> list_open_receivers(db::Transaction&, base::ItemId);

} // namespace library
