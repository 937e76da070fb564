#pragma once

// The unified information resource library (统一信息资源库, 中央厨房): one store for everything
// that is published anywhere, 先入库，后使用. An item belongs to one organisation and has
// versions; a version is immutable once written. Editing what is public makes a new version beside
// it.

#include "base/clock.h"
#include "base/id.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace library {

using VersionId = base::Id<struct Version>;

enum class ItemKind { Article, Notice, Policy, Interpretation, Leader, Institution, Page };
inline constexpr std::array item_kinds = {
    ItemKind::Article, ItemKind::Notice,      ItemKind::Policy, ItemKind::Interpretation,
    ItemKind::Leader,  ItemKind::Institution, ItemKind::Page};
std::string_view to_string(ItemKind); // "article", …
std::string_view to_chinese(
    ItemKind); // 信息, 通知公告, 政策文件, 政策解读, 领导信息, 机构职能, 单页
std::optional<ItemKind> item_kind_from(std::string_view);

/// Where the newest version stands.
enum class ItemState {
    Draft,     // 草稿: may be edited.
    InReview,  // 审核中: frozen until it is passed, returned or taken back.
    Returned,  // 已退回: may be edited.
    Approved,  // 待发布: passed every level, on no site yet.
    Released,  // 已发布: the newest version is what the public sees.
    Withdrawn, // 已撤下: was public, is nowhere now.
};
inline constexpr std::array item_states = {ItemState::Draft,    ItemState::InReview,
                                           ItemState::Returned, ItemState::Approved,
                                           ItemState::Released, ItemState::Withdrawn};
std::string_view to_string(ItemState); // "draft", "in_review", …
std::string_view to_chinese(ItemState);
std::optional<ItemState> item_state_from(std::string_view);
bool may_edit(ItemState); // All but InReview: editing a released item makes a new draft version.

/// 有效性 of a policy document (spec-facts §12).
enum class Validity { Valid, Expired, Repealed, Amended };
std::string_view to_string(Validity);
std::string_view to_chinese(Validity); // 有效, 失效, 废止, 已修改
std::optional<Validity> validity_from(std::string_view);

struct PolicyFacts {
    std::string issuing_organ;              // 发文机关
    std::string document_number;            // 发文字号, normalised: 云政发〔2026〕12号
    std::string index_number;               // 索引号
    std::string subject_category;           // 主题分类
    std::string genre;                      // 公文种类: 通知
    std::optional<base::Date> issued_on;    // 成文日期
    std::optional<base::Date> effective_on; // 施行日期
    std::optional<base::Date> valid_until;  // 有效期至
    Validity validity = Validity::Valid;
    std::string drafting_org; // 起草单位: who must interpret it.
};

struct InterpretationFacts {
    std::string form = "text"; // text, chart, video, animation, scene, press
    std::string provider;      // 解读单位
};

struct LeaderFacts {
    std::string post;   // 副市长
    std::string duties; // 分工
    int rank = 0;       // Order of listing.
};

/// A file that a version carries.
struct Attachment {
    std::string hash; // SHA-256, 64 hex digits: where the library keeps it.
    std::string name; // As people download it: 申请表.docx
    std::uint64_t size = 0;
    std::string media_type;
};

/// A column that the item is meant for.
struct Target {
    base::SiteId site;
    base::ColumnId column;
    friend bool operator==(const Target&, const Target&) = default;
};

/// All that a version says. Rich text is clean by text/sanitize.h.
struct Content {
    std::string title;
    std::string subtitle;
    std::string summary;
    std::string body_html;
    std::string source;     // ContentSource: 云岭市财政局, or where it was reposted from.
    std::string source_url; // Of a repost.
    bool original = true;   // 原创; else 转载.
    std::string author;     // Author: 作者或责任编辑
    std::vector<std::string> keywords;
    std::string cover_hash; // Picture for lists; "" none.
    std::string cover_alt;  // Required with a cover.
    std::vector<Attachment> attachments;
    std::vector<Target> targets;
    std::vector<base::ItemId> interprets; // Of an interpretation: the policy documents it explains.
    PolicyFacts policy;                   // Of a policy.
    InterpretationFacts interpretation;   // Of an interpretation.
    LeaderFacts leader;                   // Of a leader.
};

struct Version {
    VersionId id;
    base::ItemId item;
    int number = 0; // 1, 2, 3 …
    Content content;
    std::string digest; // SHA-256 of the content: 同源 means equal digests.
    base::UserId saved_by;
    std::string saved_by_name;
    base::Instant saved_at;
    bool autosaved = false;
    std::string note; // 恢复自第 3 版
};

struct Item {
    base::ItemId id;
    ItemKind kind = ItemKind::Article;
    ItemState state = ItemState::Draft;
    base::OrgId org;
    base::UserId author; // Who drafted it: may never review it.
    std::string author_name;
    std::string title; // Of the newest version.
    VersionId newest;
    int newest_number = 0;
    VersionId approved;  // The last version that passed review; 0: none.
    bool shared = false; // 资源同享: other organisations may release it by reference.
    base::ItemId origin; // Accepted contribution: the item it came from.
    base::Instant created_at;
    base::Instant updated_at;
    int revision = 0; // Counts changes; a writer who read an older one is refused.
};

} // namespace library
