#include "publish/library/submission.h"

#include "core/audit/audit.h"
#include "core/org/org.h"
#include "publish/library/draft.h"
#include "publish/library/query.h"
#include "publish/library/refusals.h"
#include "publish/library/store.h"
#include "text/plain_text.h"
#include "text/utf8.h"

#include <fmt/format.h>

namespace library {
namespace {

base::Result<Submission> load_pending(db::Transaction& tx, SubmissionId id)
{
    auto submission = store::find_submission(tx, id);
    if (!submission)
        return submission_not_found();
    if (submission->state != SubmissionState::Pending)
        return submission_answered();
    return std::move(*submission);
}

void record(
    db::Transaction& tx, const base::Actor& actor, std::string_view action,
    const Submission& submission, std::string summary, base::Instant now)
{
    audit::record(
        tx, actor,
        {.action = action,
         .subject_kind = "submission",
         .subject = submission.id.value,
         .summary = std::move(summary)},
        now);
}

} // namespace

base::Result<Submission> submit_item(
    db::Transaction& tx, const base::Actor& actor, base::ItemId id, base::OrgId to,
    const std::string& note, base::Instant now)
{
    const auto item = TRY(load_item(tx, id));
    const auto receiver = TRY(org::load_org(tx, to));
    if (store::has_open_submission(tx, id, to))
        return already_submitted();
    const auto version = TRY(load_version(tx, item.newest));
    auto faults = draft_faults(item.kind, version.content);
    if (text::trim(text::plain_text(version.content.body_html)).empty())
        faults.push_back({"body_html", "正文不能为空"});
    if (to == item.org)
        faults.push_back({"to_org_id", "不能向本单位投稿"});
    if (!faults.empty())
        return base::refuse_fields("library.invalid", std::move(faults));

    Submission submission{
        .item = id,
        .title = item.title,
        .from_org = item.org,
        .to_org = to,
        .note = note,
        .submitted_by_name = actor.name,
        .submitted_at = now,
    };
    submission.id = store::insert_submission(tx, submission, actor.user);
    store::keep_version(tx, item.newest);
    record(
        tx, actor, "library.contribute", submission,
        fmt::format("向{}投稿《{}》", receiver.name, item.title), now);
    return submission;
}

base::Result<Submission> accept_submission(
    db::Transaction& tx, const base::Actor& actor, SubmissionId id, const std::string& answer,
    base::Instant now)
{
    auto submission = TRY(load_pending(tx, id));
    const auto item = TRY(load_item(tx, submission.item));
    const auto version = TRY(load_version(tx, item.newest));
    const auto sender = TRY(org::load_org(tx, submission.from_org));
    auto content = version.content;
    // The contributor's columns are its own wishes; the receiver decides where it stands.
    content.targets.clear();
    if (content.source.empty())
        content.source = sender.name;
    auto adopted = TRY(create_item(tx, actor, item.kind, submission.to_org, content, now));
    adopted.origin = item.id;
    submission.state = SubmissionState::Accepted;
    submission.answer = answer;
    submission.accepted_as = adopted.id;
    submission.answered_at = now;
    store::update_submission(tx, submission);
    store::set_origin(tx, adopted.id, item.id);
    record(
        tx, actor, "library.accept", submission,
        fmt::format("采用{}的投稿《{}》", sender.name, submission.title), now);
    return submission;
}

base::Result<Submission> return_submission(
    db::Transaction& tx, const base::Actor& actor, SubmissionId id, const std::string& answer,
    base::Instant now)
{
    auto submission = TRY(load_pending(tx, id));
    if (text::trim(answer).empty())
        return base::refuse_fields(
            "library.invalid", {{"answer", "请写明退稿原因，投稿单位会看到"}});
    submission.state = SubmissionState::Returned;
    submission.answer = answer;
    submission.answered_at = now;
    store::update_submission(tx, submission);
    record(
        tx, actor, "library.return", submission,
        fmt::format("退回投稿《{}》：{}", submission.title, answer), now);
    return submission;
}

base::Result<Submission> load_submission(db::Transaction& tx, SubmissionId id)
{
    auto submission = store::find_submission(tx, id);
    if (!submission)
        return submission_not_found();
    return std::move(*submission);
}

std::vector<Submission> list_submissions(
    db::Transaction& tx, const SubmissionFilter& filter, int offset, int limit)
{
    return store::list_submissions(tx, filter, offset, limit);
}

std::vector<base::OrgId> list_open_receivers(db::Transaction& tx, base::ItemId item)
{
    return store::list_open_receivers(tx, item);
}

std::int64_t count_submissions(db::Transaction& tx, const SubmissionFilter& filter)
{
    return store::count_submissions(tx, filter);
}

} // namespace library
