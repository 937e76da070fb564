#pragma once

// Review (三审三校): a submitted version goes up its chain level by level. Author, first, second
// and final reviewer are different people. Each level records the five gates and a proofread, or
// returns the version with comments on passages. The trail is never changed.

#include "base/clock.h"
#include "base/id.h"
#include "publish/library/item.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace review {

using FlowId = base::Id<struct Flow>;
using ChainId = base::Id<struct Chain>;

/// One level of a chain.
struct Level {
    std::string name;    // 初审
    std::string ability; // Who may pass it: "review.first".
    int due_hours = 0;   // 0: no due time.
};

/// Who stands at the current level: the ability that passes it; "" when the flow is closed.
struct Flow;
std::string_view waiting_ability(const Flow&);

/// Which levels an item must pass: the chain of its column, else of its organisation or the nearest
/// above, else the default of three (三审三校).
struct Chain {
    ChainId id;
    std::string name;
    base::OrgId org;           // 0: everywhere.
    base::ColumnId column;     // 0: any column.
    std::vector<Level> levels; // 1…5
    int revision = 0;
};

/// The five gates of S004 三(三)3, and the confidentiality review among them.
struct Gates {
    bool political = false; // 政治关
    bool legal = false;     // 法律关
    bool policy = false;    // 政策关
    bool secrecy = false;   // 保密关
    bool wording = false;   // 文字关

    bool all() const { return political && legal && policy && secrecy && wording; }
};

/// One proofread (一校): what was found and what became of it.
struct Proof {
    int findings_open = 0;
    int findings_fixed = 0;
    std::string note;
};

/// A remark on a passage of the text.
struct Comment {
    std::string quote; // The words it is about; "" the whole text.
    std::string text;
};

enum class Verdict { Approve, Return, TakeBack, LaterReview };
std::string_view to_string(Verdict);
std::string_view to_chinese(Verdict); // 通过, 退回, 撤回, 补审
std::optional<Verdict> verdict_from(std::string_view);

/// What one person did at one level.
struct Pass {
    std::int64_t id = 0;
    FlowId flow;
    int level = 0; // 1…
    std::string level_name;
    base::UserId reviewer;
    std::string reviewer_name;
    Verdict verdict = Verdict::Approve;
    Gates gates;
    Proof proof;
    std::vector<Comment> comments;
    std::string note;
    base::Instant at;
};

enum class FlowState { Open, Approved, Returned, TakenBack };
std::string_view to_string(FlowState);
std::optional<FlowState> flow_state_from(std::string_view);

struct Flow {
    FlowId id;
    base::ItemId item;
    library::VersionId version;
    std::string title;
    library::ItemKind kind = library::ItemKind::Article;
    base::OrgId org;
    base::UserId author;
    std::string author_name;
    base::UserId submitted_by;
    std::string submitted_by_name;
    base::Instant submitted_at;
    std::vector<Level> levels; // As they were at submission.
    int level = 1;             // Now waiting at; levels.size() + 1 when through.
    FlowState state = FlowState::Open;
    bool emergency = false;        // 应急发布: released first, reviewed after.
    bool later_review_due = false; // Emergency and not yet reviewed.
    std::string emergency_reason;
    std::optional<base::Instant> due_at;
    std::vector<Pass> passes; // Empty in lists.
};

} // namespace review
