#include "core/audit/export.h"

#include "core/audit/json.h"
#include "core/audit/store.h"

#include <algorithm>
#include <boost/json.hpp>
#include <initializer_list>

namespace audit {
namespace {

constexpr int page_size = 1000;

/// Excel and WPS run a cell that begins so as a formula (CSV injection).
bool looks_like_a_formula(std::string_view cell)
{
    return !cell.empty() && std::string_view("=+-@\t\r").find(cell.front()) != cell.npos;
}

std::string to_cell(std::string_view text)
{
    std::string cell = "\"";
    if (looks_like_a_formula(text))
        cell += '\'';
    for (const char c : text) {
        if (c == '"')
            cell += '"';
        cell += c;
    }
    cell += '"';
    return cell;
}

std::string to_line(std::initializer_list<std::string_view> cells)
{
    std::string line;
    for (const auto cell : cells) {
        if (!line.empty())
            line += ',';
        line += to_cell(cell);
    }
    return line + "\r\n";
}

std::string to_csv_line(const Record& record)
{
    const auto subject = record.subject == 0 ? std::string() : std::to_string(record.subject);
    return to_line(
        {std::to_string(record.sequence), base::to_iso_text(record.at), record.user_name,
         record.address, record.action, record.outcome == Outcome::Done ? "成功" : "拒绝",
         record.subject_kind, subject, record.summary, record.before, record.after,
         record.request_id, record.hash});
}

template <typename Write>
void for_each_record(db::Transaction& tx, const Filter& filter, int limit, const Write& write)
{
    std::int64_t before = 0;
    while (limit > 0) {
        const auto records = list_records_before(tx, filter, before, std::min(limit, page_size));
        for (const auto& record : records)
            write(record);
        if (static_cast<int>(records.size()) < page_size)
            return;
        before = records.back().sequence;
        limit -= page_size;
    }
}

} // namespace

void export_csv(db::Transaction& tx, const Filter& filter, int limit, const Sink& sink)
{
    sink("\xEF\xBB\xBF");
    sink(to_line(
        {"序号", "时间", "人员", "地址", "操作", "结果", "对象类型", "对象编号", "摘要", "变更前",
         "变更后", "请求编号", "校验值"}));
    for_each_record(tx, filter, limit, [&](const Record& record) { sink(to_csv_line(record)); });
}

void export_json_lines(db::Transaction& tx, const Filter& filter, int limit, const Sink& sink)
{
    for_each_record(tx, filter, limit, [&](const Record& record) {
        auto object = to_json(record);
        object["org_id"] = record.org.value;
        object["previous_hash"] = record.previous_hash;
        sink(boost::json::serialize(object) + "\n");
    });
}

} // namespace audit
