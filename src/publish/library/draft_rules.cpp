// What a text must say before it may go on. Pure.

#include "base/assert.h"
#include "publish/library/draft.h"
#include "text/document_number.h"
#include "text/plain_text.h"
#include "text/utf8.h"

#include <algorithm>

namespace library {
namespace {

constexpr std::array<std::string_view, 6> interpretation_forms = {"text",      "chart", "video",
                                                                  "animation", "scene", "press"};

using Faults = std::vector<base::FieldError>;

void ask(Faults& faults, bool fits, std::string_view field, std::string_view message)
{
    if (!fits)
        faults.push_back({std::string(field), std::string(message)});
}

bool needs_body(ItemKind kind) { return kind != ItemKind::Leader; }

void ask_source(Faults& faults, const Content& content)
{
    // S002 三(二) 转载信息须注明来源.
    ask(faults, !content.source.empty(), "source", "请填写来源：发布单位，或转载的出处");
}

void ask_policy(Faults& faults, const PolicyFacts& policy)
{
    ask(faults, !policy.issuing_organ.empty(), "policy.issuing_organ", "请填写发文机关");
    const bool number_fits =
        policy.document_number.empty() || text::normalise_document_number(policy.document_number);
    ask(faults, number_fits, "policy.document_number", "发文字号应写成“云政发〔2026〕12号”的样子");
    ask(faults, policy.issued_on.has_value(), "policy.issued_on", "请填写成文日期");
    ask(faults, !policy.genre.empty(), "policy.genre", "请选择公文种类");
    const bool ordered =
        !policy.valid_until || !policy.issued_on
        || std::chrono::sys_days(*policy.valid_until) > std::chrono::sys_days(*policy.issued_on);
    ask(faults, ordered, "policy.valid_until", "有效期应晚于成文日期");
}

} // namespace

std::vector<base::FieldError> draft_faults(ItemKind kind, const Content& content)
{
    Faults faults;
    ask(faults, !content.title.empty(), "title", "标题不能为空");
    const auto form = std::find(
        interpretation_forms.begin(), interpretation_forms.end(), content.interpretation.form);
    ask(faults, kind != ItemKind::Interpretation || form != interpretation_forms.end(),
        "interpretation.form", "解读形式应从列表中选择");
    return faults;
}

std::vector<base::FieldError> submission_faults(ItemKind kind, const Content& content)
{
    auto faults = draft_faults(kind, content);
    const bool has_body = !text::trim(text::plain_text(content.body_html)).empty()
                          || content.body_html.find("<img") != std::string::npos;
    ask(faults, !needs_body(kind) || has_body, "body_html", "正文不能为空");
    ask(faults, content.cover_hash.empty() || !content.cover_alt.empty(), "cover_alt",
        "请为封面图片写一句替代文字，读屏软件会读给看不见的人听");
    ask(faults, !content.targets.empty(), "targets", "请至少选择一个发布栏目");
    if (kind != ItemKind::Leader)
        ask_source(faults, content);
    if (kind == ItemKind::Policy)
        ask_policy(faults, content.policy);
    if (kind == ItemKind::Interpretation) {
        // S004 D08: a reading that is not tied to its document loses points on both sides.
        ask(faults, !content.interprets.empty(), "interprets", "请选择所解读的政策文件");
        ask(faults, !content.interpretation.provider.empty(), "interpretation.provider",
            "请填写解读单位（谁起草谁解读）");
    }
    if (kind == ItemKind::Leader)
        ask(faults, !content.leader.post.empty(), "leader.post", "请填写职务");
    return faults;
}

} // namespace library
