#include "publish/review/flow_json.h"

#include "base/assert.h"
#include "core/identity/ability.h"
#include "http/json.h"
#include "text/utf8.h"

#include <algorithm>

namespace review {
namespace {

namespace json = boost::json;

constexpr std::size_t note_length_max = 2'000;
constexpr std::size_t comments_max = 200;
constexpr std::size_t levels_max = 5;
constexpr int due_hours_max = 24 * 90;

json::object to_json(const Gates& gates)
{
    return {
        {"political", gates.political}, {"legal", gates.legal},     {"policy", gates.policy},
        {"secrecy", gates.secrecy},     {"wording", gates.wording},
    };
}

json::object to_json(const Proof& proof)
{
    return {
        {"findings_open", proof.findings_open},
        {"findings_fixed", proof.findings_fixed},
        {"note", proof.note},
    };
}

json::array to_json(const std::vector<Comment>& comments)
{
    json::array out;
    for (const auto& comment : comments)
        out.push_back(json::object{{"quote", comment.quote}, {"text", comment.text}});
    return out;
}

Gates gates_from(http::FieldReader& all, const json::object* object)
{
    if (object == nullptr)
        return {};
    http::FieldReader read(*object);
    const Gates gates{
        .political = read.find_flag("political").value_or(false),
        .legal = read.find_flag("legal").value_or(false),
        .policy = read.find_flag("policy").value_or(false),
        .secrecy = read.find_flag("secrecy").value_or(false),
        .wording = read.find_flag("wording").value_or(false),
    };
    if (!read.finish("review.invalid"))
        all.complain("gates", "五关的确认应为是或否");
    return gates;
}

std::optional<Proof> proof_from(http::FieldReader& all, const json::object* object)
{
    if (object == nullptr)
        return std::nullopt;
    http::FieldReader read(*object);
    Proof proof;
    proof.findings_open = static_cast<int>(read.need_integer("findings_open", 0, 10'000));
    proof.findings_fixed = static_cast<int>(read.need_integer("findings_fixed", 0, 10'000));
    proof.note = read.find_text("note", note_length_max).value_or("");
    if (const auto fits = read.finish("review.invalid"); !fits)
        all.complain("proof", "校对记录请填写发现和改正的处数");
    return proof;
}

std::vector<Comment> comments_from(http::FieldReader& all)
{
    std::vector<Comment> comments;
    for (const auto& entry : all.find_array("comments", comments_max)) {
        const auto* object = entry.if_object();
        if (object == nullptr) {
            all.complain("comments", "批注的格式不对");
            return comments;
        }
        http::FieldReader read(*object);
        comments.push_back(
            {read.find_text("quote", note_length_max).value_or(""),
             read.need_text("text", note_length_max)});
        if (!read.finish("review.invalid") || text::trim(comments.back().text).empty())
            all.complain("comments", "批注不能为空，也不要超过 2000 字");
    }
    return comments;
}

std::vector<Level> levels_from(http::FieldReader& all)
{
    std::vector<Level> levels;
    for (const auto& entry : all.find_array("levels", levels_max)) {
        const auto* object = entry.if_object();
        if (object == nullptr) {
            all.complain("levels", "审核级别的格式不对");
            return levels;
        }
        http::FieldReader read(*object);
        Level level;
        level.name = read.need_text("name", 20);
        level.ability = read.need_text("ability", 40);
        level.due_hours =
            static_cast<int>(read.find_integer("due_hours", 0, due_hours_max).value_or(0));
        const bool known = level.ability == identity::ability::review_first
                           || level.ability == identity::ability::review_second
                           || level.ability == identity::ability::review_final
                           || level.ability == identity::ability::review_proofread;
        if (!read.finish("review.invalid") || !known || level.name.empty())
            all.complain("levels", "每一级都要有名称和审核权限（初审、复审、终审或校对）");
        levels.push_back(std::move(level));
    }
    if (levels.empty())
        all.complain("levels", "至少要有一级审核");
    return levels;
}

} // namespace

json::array to_json(const std::vector<Level>& levels)
{
    json::array out;
    for (const auto& level : levels) {
        out.push_back(json::object{
            {"name", level.name}, {"ability", level.ability}, {"due_hours", level.due_hours}});
    }
    return out;
}

json::object to_json(const Pass& pass)
{
    return {
        {"id", pass.id},
        {"level", pass.level},
        {"level_name", pass.level_name},
        {"reviewer_id", pass.reviewer.value},
        {"reviewer_name", pass.reviewer_name},
        {"verdict", to_string(pass.verdict)},
        {"gates", to_json(pass.gates)},
        {"proof", to_json(pass.proof)},
        {"comments", to_json(pass.comments)},
        {"note", pass.note},
        {"at", base::to_iso_text(pass.at)},
    };
}

json::object to_json(const Flow& flow, base::Instant now)
{
    json::array passes;
    for (const auto& pass : flow.passes)
        passes.push_back(to_json(pass));
    json::object out{
        {"id", flow.id.value},
        {"item_id", flow.item.value},
        {"version_id", flow.version.value},
        {"title", flow.title},
        {"kind", library::to_string(flow.kind)},
        {"org_id", flow.org.value},
        {"author_name", flow.author_name},
        {"submitted_by_name", flow.submitted_by_name},
        {"submitted_at", base::to_iso_text(flow.submitted_at)},
        {"levels", to_json(flow.levels)},
        {"level", flow.level},
        {"state", to_string(flow.state)},
        {"emergency", flow.emergency},
        {"later_review_due", flow.later_review_due},
        {"emergency_reason", flow.emergency_reason},
        {"passes", std::move(passes)},
    };
    const bool waits = flow.state == FlowState::Open || flow.later_review_due;
    if (flow.due_at) {
        out["due_at"] = base::to_iso_text(*flow.due_at);
        out["overdue"] = waits && *flow.due_at < now;
    }
    return out;
}

json::object to_json(const Chain& chain)
{
    return {
        {"id", chain.id.value},
        {"name", chain.name},
        {"org_id", chain.org.value},
        {"column_id", chain.column.value},
        {"levels", to_json(chain.levels)},
        {"revision", chain.revision},
    };
}

base::Result<Decision> decision_from(const json::object& object, base::UserId reviewer)
{
    http::FieldReader read(object);
    Decision decision{.reviewer = reviewer};
    decision.level = static_cast<int>(read.need_integer("level", 1, static_cast<int>(levels_max)));
    const auto verdict = verdict_from(read.need_text("verdict", 20));
    const bool known = verdict == Verdict::Approve || verdict == Verdict::Return;
    if (!known)
        read.complain("verdict", "请选择通过或退回");
    decision.verdict = verdict.value_or(Verdict::Return);
    decision.gates = gates_from(read, read.find_object("gates"));
    decision.proof = proof_from(read, read.find_object("proof"));
    decision.comments = comments_from(read);
    decision.note = read.find_text("note", note_length_max).value_or("");
    TRY(read.finish("review.invalid"));
    return decision;
}

base::Result<Chain> chain_from(const json::object& object)
{
    http::FieldReader read(object);
    Chain chain;
    chain.name = read.need_text("name", 60);
    chain.org = {read.find_integer("org_id", 0, INT64_MAX).value_or(0)};
    chain.column = {read.find_integer("column_id", 0, INT64_MAX).value_or(0)};
    chain.levels = levels_from(read);
    chain.revision = static_cast<int>(read.find_integer("revision", 0, INT32_MAX).value_or(0));
    if (chain.name.empty())
        read.complain("name", "请填写名称");
    TRY(read.finish("review.invalid"));
    return chain;
}

std::string to_text(const std::vector<Level>& levels) { return json::serialize(to_json(levels)); }

std::vector<Level> levels_from_text(std::string_view text)
{
    const auto value = json::parse({text.data(), text.size()});
    std::vector<Level> levels;
    for (const auto& entry : value.as_array()) {
        const auto& object = entry.as_object();
        levels.push_back({
            .name = std::string(object.at("name").as_string()),
            .ability = std::string(object.at("ability").as_string()),
            .due_hours = static_cast<int>(object.at("due_hours").as_int64()),
        });
    }
    return levels;
}

std::string record_text(const Pass& pass)
{
    return json::serialize(json::object{
        {"gates", to_json(pass.gates)},
        {"proof", to_json(pass.proof)},
        {"comments", to_json(pass.comments)},
    });
}

void read_record(std::string_view text, Pass& pass)
{
    const auto value = json::parse({text.data(), text.size()});
    const auto& object = value.as_object();
    http::FieldReader read(object);
    pass.gates = gates_from(read, read.find_object("gates"));
    pass.proof = proof_from(read, read.find_object("proof")).value_or(Proof{});
    pass.comments = comments_from(read);
    VERIFY(read.finish("review.invalid").has_value());
}

} // namespace review
