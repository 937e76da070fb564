#include "publish/review/trail_csv.h"

#include <fmt/format.h>

namespace review {
namespace {

constexpr auto head = "\xEF\xBB\xBF标题,流程,级别,经办人,时间,结论,政治关,法律关,政策关,保密关,"
                      "文字关,改正处数,遗留处数,意见,批注\r\n";

/// A cell that a spreadsheet takes as text, whatever it begins with.
std::string cell(std::string_view text)
{
    std::string quoted = "\"";
    if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != text.npos)
        quoted += '\'';
    for (const char c : text) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + "\"";
}

std::string submission_row(const Flow& flow)
{
    return fmt::format(
        "{},{},{},{},{},{},,,,,,,,{},\r\n", cell(flow.title), flow.id.value, cell("送审"),
        cell(flow.submitted_by_name), cell(base::to_minute_text(flow.submitted_at)),
        flow.emergency ? "应急放行" : "送审", cell(flow.emergency_reason));
}

std::string gates_of(const Gates& gates)
{
    const auto yes = [](bool passed) { return passed ? "是" : "否"; };
    return fmt::format(
        "{},{},{},{},{}", yes(gates.political), yes(gates.legal), yes(gates.policy),
        yes(gates.secrecy), yes(gates.wording));
}

std::string pass_row(const Flow& flow, const Pass& pass)
{
    std::string comments;
    for (const auto& comment : pass.comments)
        comments += fmt::format("“{}”：{}；", comment.quote, comment.text);
    const bool judged = pass.verdict != Verdict::TakeBack;
    const auto record =
        judged ? fmt::format(
            "{},{},{}", gates_of(pass.gates), pass.proof.findings_fixed, pass.proof.findings_open)
               : std::string(",,,,,,");
    return fmt::format(
        "{},{},{},{},{},{},{},{},{}\r\n", cell(flow.title), flow.id.value, cell(pass.level_name),
        cell(pass.reviewer_name), cell(base::to_minute_text(pass.at)), to_chinese(pass.verdict),
        record, cell(pass.note), cell(comments));
}

} // namespace

std::string to_csv(const std::vector<Flow>& newest_first)
{
    std::string csv = head;
    for (auto flow = newest_first.rbegin(); flow != newest_first.rend(); ++flow) {
        csv += submission_row(*flow);
        for (const auto& pass : flow->passes)
            csv += pass_row(*flow, pass);
    }
    return csv;
}

} // namespace review
