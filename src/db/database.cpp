#include "db/database.h"

#include "db/postgresql_database.h"
#include "db/sqlite_database.h"

#include <fmt/format.h>

namespace db {
namespace {

[[noreturn]] void wrong_type(std::string_view column, std::string_view wanted, const Value& cell)
{
    static constexpr std::string_view types[] = {"NULL", "an integer", "a real", "text", "bytes"};
    const auto message =
        fmt::format("column {} holds {}, not {}", column, types[cell.index()], wanted);
    throw Failure(Failure::Kind::Other, message);
}

} // namespace

const Value& Row::cell(std::string_view column) const
{
    for (std::size_t i = 0; i < columns_->size(); ++i) {
        if ((*columns_)[i] == column)
            return cells_[i];
    }
    throw Failure(Failure::Kind::Other, fmt::format("the query has no column {}", column));
}

bool Row::is_null(std::string_view column) const
{
    return std::holds_alternative<std::nullptr_t>(cell(column));
}

std::int64_t Row::integer(std::string_view column) const
{
    const auto& value = cell(column);
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return *integer;
    if (!std::holds_alternative<std::nullptr_t>(value))
        wrong_type(column, "an integer", value);
    return 0;
}

double Row::real(std::string_view column) const
{
    const auto& value = cell(column);
    if (const auto* real = std::get_if<double>(&value))
        return *real;
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*integer);
    if (!std::holds_alternative<std::nullptr_t>(value))
        wrong_type(column, "a real", value);
    return 0;
}

std::string Row::text(std::string_view column) const
{
    const auto& value = cell(column);
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (!std::holds_alternative<std::nullptr_t>(value))
        wrong_type(column, "text", value);
    return {};
}

std::string Row::bytes(std::string_view column) const
{
    const auto& value = cell(column);
    if (const auto* blob = std::get_if<Blob>(&value))
        return blob->bytes;
    if (!std::holds_alternative<std::nullptr_t>(value))
        wrong_type(column, "bytes", value);
    return {};
}

std::unique_ptr<Database> Database::open(const Settings& settings)
{
    constexpr std::string_view sqlite = "sqlite:";
    const std::string_view url = settings.url;
    if (url.starts_with(sqlite) && url.size() > sqlite.size())
        return open_sqlite(std::string(url.substr(sqlite.size())), settings);
    if (url.starts_with("postgresql://") || url.starts_with("postgres://"))
        return open_postgresql(settings);
    throw Failure(
        Failure::Kind::Unavailable,
        "数据库地址应以 sqlite: 或 postgresql:// 开头，例如 sqlite:data/huabiao.db");
}

} // namespace db
