#include "publish/library/draft.h"

#include "base/assert.h"
#include "core/audit/audit.h"
#include "core/org/org.h"
#include "publish/library/body_files.h"
#include "publish/library/content_json.h"
#include "publish/library/query.h"
#include "publish/library/references.h"
#include "publish/library/refusals.h"
#include "publish/library/store.h"
#include "text/document_number.h"
#include "text/sanitize.h"
#include "text/utf8.h"

#include <algorithm>
#include <fmt/format.h>

namespace library {
namespace {

/// One line of clean text: no control characters, no markup meaning, no outer spaces.
std::string clean_line(std::string_view line)
{
    auto text = text::normalise_controls(line);
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::replace(text.begin(), text.end(), '\t', ' ');
    return std::string(text::trim(text));
}

/// The text as it may be kept, or what is wrong with it.
base::Result<Content> accepted(db::Transaction& tx, ItemKind kind, const Content& wanted)
{
    auto content = cleaned(wanted);
    if (auto faults = draft_faults(kind, content); !faults.empty())
        return base::refuse_fields("library.invalid", std::move(faults));
    return with_known_references(tx, std::move(content));
}

Version make_version(
    const base::Actor& actor, base::ItemId item, int number, const Content& content,
    base::Instant now)
{
    return {
        .item = item,
        .number = number,
        .content = content,
        .digest = digest_of(content),
        .saved_by = actor.user,
        .saved_by_name = actor.name,
        .saved_at = now,
    };
}

/// The newest version's texts into the columns that lists look at.
void index_newest(db::Transaction& tx, const Item& item, const Content& content)
{
    store::replace_targets(tx, item.id, content.targets);
    if (item.kind == ItemKind::Interpretation)
        store::replace_links(tx, item.id, content.interprets);
}

base::Result<Item> load_editable(db::Transaction& tx, base::ItemId id, int expected_revision)
{
    auto item = store::find_item(tx, id);
    if (!item)
        return item_not_found();
    if (!may_edit(item->state))
        return in_review();
    if (item->revision != expected_revision)
        return changed();
    return *item;
}

/// A text on top of a released or approved one is a new draft.
ItemState state_after_save(ItemState state)
{
    return state == ItemState::Returned ? ItemState::Returned : ItemState::Draft;
}

bool may_follow(ItemState from, ItemState to)
{
    switch (to) {
    case ItemState::Draft: return from == ItemState::InReview;
    case ItemState::InReview: return from == ItemState::Draft || from == ItemState::Returned;
    // From Approved and later: the review that follows an emergency release did not pass it.
    case ItemState::Returned: return from != ItemState::Draft && from != ItemState::Returned;
    case ItemState::Approved:
        return from == ItemState::InReview || from == ItemState::Draft
               || from == ItemState::Returned;
    case ItemState::Released: return from == ItemState::Approved || from == ItemState::Withdrawn;
    case ItemState::Withdrawn: return from == ItemState::Released;
    }
    base::verification_failed("a named ItemState", __FILE__, __LINE__);
}

base::Result<Item> append_version(
    db::Transaction& tx, Item item, Version version, bool replaces_newest, base::Instant now)
{
    if (replaces_newest) {
        const auto number = item.newest_number;
        store::remove_version(tx, item.newest);
        version.number = number;
    }
    item.newest = store::insert_version(tx, version);
    item.newest_number = version.number;
    item.title = version.content.title;
    item.state = state_after_save(item.state);
    item.updated_at = now;
    if (!store::update_item(tx, item))
        return changed();
    index_newest(tx, item, version.content);
    return item;
}

} // namespace

Content cleaned(Content content)
{
    for (auto* line :
         {&content.title, &content.subtitle, &content.source, &content.source_url, &content.author,
          &content.cover_hash, &content.cover_alt, &content.policy.issuing_organ,
          &content.policy.index_number, &content.policy.subject_category, &content.policy.genre,
          &content.policy.drafting_org, &content.interpretation.form,
          &content.interpretation.provider, &content.leader.post})
        *line = clean_line(*line);
    for (auto* block : {&content.summary, &content.leader.duties}) {
        const auto text = text::normalise_controls(*block);
        *block = text::trim(text);
    }
    content.body_html =
        with_stored_addresses(text::sanitize(content.body_html, text::Tier::Editor).html);
    const auto number = clean_line(content.policy.document_number);
    content.policy.document_number = text::normalise_document_number(number).value_or(number);
    for (auto& keyword : content.keywords)
        keyword = clean_line(keyword);
    std::erase_if(content.keywords, [](const auto& keyword) { return keyword.empty(); });
    for (auto& file : content.attachments)
        file.name = clean_line(file.name);
    const bool web_address =
        content.source_url.starts_with("https://") || content.source_url.starts_with("http://");
    content.source_url = web_address ? text::safe_url(content.source_url) : "";
    return content;
}

base::Result<Item> create_item(
    db::Transaction& tx, const base::Actor& actor, ItemKind kind, base::OrgId org,
    const Content& wanted, base::Instant now)
{
    TRY(org::load_org(tx, org));
    const auto content = TRY(accepted(tx, kind, wanted));
    Item item{
        .kind = kind,
        .org = org,
        .author = actor.user,
        .author_name = actor.name,
        .title = content.title,
        .newest_number = 1,
        .created_at = now,
        .updated_at = now,
    };
    item.id = store::insert_item(tx, item);
    item.newest = store::insert_version(tx, make_version(actor, item.id, 1, content, now));
    VERIFY(store::update_item(tx, item));
    index_newest(tx, item, content);
    audit::record(
        tx, actor,
        {.action = "library.create",
         .subject_kind = "item",
         .subject = item.id.value,
         .summary = fmt::format("新建{}《{}》", to_chinese(kind), item.title)},
        now);
    return item;
}

base::Result<Item> save_item(
    db::Transaction& tx, const base::Actor& actor, base::ItemId id, int expected_revision,
    const Content& wanted, SaveKind save, base::Instant now)
{
    const auto item = TRY(load_editable(tx, id, expected_revision));
    const auto content = TRY(accepted(tx, item.kind, wanted));
    const auto newest = store::find_version(tx, item.newest);
    VERIFY(newest);
    auto version = make_version(actor, id, item.newest_number + 1, content, now);
    version.autosaved = save == SaveKind::Autosave;
    const bool same_text = newest->digest == version.digest;
    if (same_text && (version.autosaved || !newest->autosaved))
        return item; // Nothing new to keep; the state stays too.
    // Only this writer's own running draft is replaced, never a text that anybody saved by hand.
    const bool replaces = newest->autosaved && newest->saved_by == actor.user;
    const auto saved = TRY(append_version(tx, item, version, replaces, now));
    audit::record(
        tx, actor,
        {.action = save == SaveKind::Autosave ? "library.autosave" : "library.save",
         .subject_kind = "item",
         .subject = id.value,
         .summary = fmt::format("保存《{}》第{}版", saved.title, saved.newest_number),
         .before = newest->digest,
         .after = version.digest},
        now);
    return saved;
}

base::Result<Item> restore_version(
    db::Transaction& tx, const base::Actor& actor, base::ItemId id, int version_number,
    int expected_revision, base::Instant now)
{
    const auto item = TRY(load_editable(tx, id, expected_revision));
    const auto old = store::find_version_number(tx, id, version_number);
    if (!old)
        return version_not_found();
    auto version = make_version(actor, id, item.newest_number + 1, old->content, now);
    version.note = fmt::format("恢复自第{}版", version_number);
    const auto restored = TRY(append_version(tx, item, version, false, now));
    audit::record(
        tx, actor,
        {.action = "library.restore",
         .subject_kind = "item",
         .subject = id.value,
         .summary = fmt::format("《{}》{}", restored.title, version.note)},
        now);
    return restored;
}

base::Result<Item> set_shared(
    db::Transaction& tx, const base::Actor& actor, base::ItemId id, bool shared, base::Instant now)
{
    auto item = store::find_item(tx, id);
    if (!item)
        return item_not_found();
    if (item->shared == shared)
        return *item;
    item->shared = shared;
    if (!store::update_item(tx, *item))
        return changed();
    audit::record(
        tx, actor,
        {.action = "library.share",
         .subject_kind = "item",
         .subject = id.value,
         .summary = fmt::format("{}《{}》", shared ? "共享" : "取消共享", item->title)},
        now);
    return *item;
}

base::Result<Item> move_state(
    db::Transaction& tx, base::ItemId id, ItemState to, VersionId approved, base::Instant now)
{
    auto item = store::find_item(tx, id);
    if (!item)
        return item_not_found();
    if (!may_follow(item->state, to))
        return changed();
    // From here on others refer to this version: no later save may take its place.
    if (to == ItemState::InReview || to == ItemState::Approved)
        store::keep_version(tx, item->newest);
    item->state = to;
    item->approved = approved;
    item->updated_at = now;
    if (!store::update_item(tx, *item))
        return changed();
    return *item;
}

base::Result<> revoke_approval(
    db::Transaction& tx, base::ItemId id, VersionId approved_instead, base::Instant now)
{
    auto item = store::find_item(tx, id);
    if (!item)
        return item_not_found();
    item->approved = approved_instead;
    item->updated_at = now;
    if (!store::update_item(tx, *item))
        return changed();
    return {};
}

} // namespace library
