#pragma once

// May this person pass this level, and if not, why not? Pure.

#include "publish/review/flow.h"

#include <string_view>
#include <vector>

namespace review {

enum class Obstacle {
    FlowClosed,
    NotThisLevel, // The flow has moved on since the page was opened.
    AbilityMissing,
    ReviewerIsAuthor,
    ReviewerIsSubmitter,
    ReviewerPassedEarlierLevel,
    GateOpen, // Approving with one of the five gates unchecked.
    ProofMissing,
    ProofOpen,     // Findings left open without a note.
    ReasonMissing, // Returning without a word.
};
inline constexpr std::array obstacles = {
    Obstacle::FlowClosed,       Obstacle::NotThisLevel,        Obstacle::AbilityMissing,
    Obstacle::ReviewerIsAuthor, Obstacle::ReviewerIsSubmitter, Obstacle::ReviewerPassedEarlierLevel,
    Obstacle::GateOpen,         Obstacle::ProofMissing,        Obstacle::ProofOpen,
    Obstacle::ReasonMissing};
std::string_view to_code(Obstacle); // "review.reviewer_is_author"
std::string_view explain(Obstacle); // 撰稿人不能审核自己的稿件

/// What a reviewer hands in.
struct Decision {
    base::UserId reviewer;
    int level = 0; // The level that the reviewer believes to be at.
    Verdict verdict = Verdict::Approve;
    Gates gates;
    std::optional<Proof> proof;
    std::vector<Comment> comments;
    std::string note;
};

/// May this person review at all, before anything is filled in? For showing or hiding the form.
std::vector<Obstacle> reviewer_obstacles(const Flow&, base::UserId reviewer, bool has_ability);

/// All obstacles at once; empty means: pass.
std::vector<Obstacle> pass_obstacles(const Flow&, const Decision&, bool has_ability);

} // namespace review
