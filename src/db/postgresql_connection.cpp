#include "db/postgresql_connection.h"

#include "base/log.h"
#include "db/placeholders.h"
#include "db/values.h"

#include <charconv>
#include <cstdlib>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <utility>

namespace db {
namespace {

// More statements than the whole program has; the bound is for a bug that splices values into SQL.
constexpr std::size_t statements_max = 400;

// From pg_type.dat; libpq has no names for them.
enum TypeId : unsigned {
    bool_oid = 16,
    bytea_oid = 17,
    int8_oid = 20,
    int2_oid = 21,
    int4_oid = 23,
    text_oid = 25,
    oid_oid = 26,
    float4_oid = 700,
    float8_oid = 701,
    numeric_oid = 1700,
};

constexpr const char* session_settings = "SET standard_conforming_strings = on;"
                                         "SET bytea_output = hex;"
                                         "SET extra_float_digits = 1;"
                                         "SET client_min_messages = warning;"
                                         "SET idle_in_transaction_session_timeout = '10min'";

Failure::Kind kind_of(std::string_view state)
{
    if (state.starts_with("23") || state == "22021")
        return Failure::Kind::Constraint;
    if (state == "53100")
        return Failure::Kind::Full;
    if (state == "XX001" || state == "XX002")
        return Failure::Kind::Corrupt;
    // Connection, resources, intervention of the administrator.
    if (state.empty() || state.starts_with("08") || state.starts_with("53")
        || state.starts_with("57P") || state == "55P03")
        return Failure::Kind::Unavailable;
    return Failure::Kind::Other;
}

std::string type_letters(const std::vector<Value>& arguments)
{
    std::string letters;
    for (const auto& argument : arguments)
        letters += "nirtb"[argument.index()];
    return letters;
}

// What PQprepare and PQexecPrepared want, NULLs left out.
struct Parameters {
    std::vector<Oid> types;
    std::vector<std::string> written; // Numbers as text; reserved, so that pointers stay.
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;

    explicit Parameters(const std::vector<Value>& arguments)
    {
        written.reserve(arguments.size());
        for (const auto& argument : arguments)
            add(argument);
    }

    void add(const Value& argument)
    {
        if (const auto* integer = std::get_if<std::int64_t>(&argument))
            push(int8_oid, written.emplace_back(fmt::format("{}", *integer)), 0);
        else if (const auto* real = std::get_if<double>(&argument))
            push(float8_oid, written.emplace_back(fmt::format("{}", *real)), 0);
        else if (const auto* text = std::get_if<std::string>(&argument))
            push(text_oid, *text, 0);
        else if (const auto* blob = std::get_if<Blob>(&argument))
            push(bytea_oid, blob->bytes, 1);
    }

    void push(Oid type, const std::string& bytes, int format)
    {
        types.push_back(type);
        values.push_back(bytes.c_str());
        lengths.push_back(static_cast<int>(bytes.size()));
        formats.push_back(format);
    }
};

template <typename Number>
Number number_from(std::string_view text)
{
    Number number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// Sums of integers are NUMERIC; those that are whole read as integers, as in SQLite.
Value numeric_from(std::string_view text)
{
    std::int64_t whole = 0;
    const auto end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, whole);
    if (error == std::errc() && stop == end)
        return whole;
    return number_from<double>(text);
}

Blob bytes_from_hex(std::string_view text)
{
    Blob blob;
    text.remove_prefix(2); // "\x"
    blob.bytes.reserve(text.size() / 2);
    const auto digit = [](char c) {
        return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
    };
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        blob.bytes += static_cast<char>(digit(text[i]) << 4U | digit(text[i + 1]));
    return blob;
}

Value cell_from(std::string_view text, unsigned type)
{
    switch (type) {
    case bool_oid: return static_cast<std::int64_t>(text == "t");
    case int2_oid:
    case int4_oid:
    case int8_oid:
    case oid_oid: return number_from<std::int64_t>(text);
    case float4_oid:
    case float8_oid: return number_from<double>(text);
    case numeric_oid: return numeric_from(text);
    case bytea_oid: return bytes_from_hex(text);
    default: return std::string(text);
    }
}

} // namespace

void PostgresqlConnection::Finish::operator()(pg_conn* connection) const { PQfinish(connection); }

void PostgresqlConnection::Clear::operator()(pg_result* result) const { PQclear(result); }

PostgresqlConnection::PostgresqlConnection(const std::string& uri)
    : statements_(statements_max)
{
    // What the URI says overrides what stands before it.
    const char* const names[] = {"connect_timeout", "tcp_user_timeout", "application_name",
                                 "dbname",          "client_encoding",  nullptr};
    const char* const values[] = {"5", "15000", "huabiao", uri.c_str(), "UTF8", nullptr};
    connection_.reset(PQconnectdbParams(names, values, 1));
    if (PQstatus(handle()) != CONNECTION_OK) {
        const auto message = fmt::format("无法连接 PostgreSQL：{}", PQerrorMessage(handle()));
        throw SqlFailure(Failure::Kind::Unavailable, "", message);
    }
    PQsetNoticeProcessor(
        handle(), [](void*, const char* text) { base::log_warning("PostgreSQL: {}", text); },
        nullptr);
    command(session_settings);
}

Rows PostgresqlConnection::run(std::string_view sql, const std::vector<Value>& arguments)
{
    require_storable(arguments);
    forget_unused();
    auto& statement = prepared(sql, arguments);
    const Parameters parameters(arguments);
    const Result result(PQexecPrepared(
        handle(), statement.name.c_str(), static_cast<int>(parameters.values.size()),
        parameters.values.data(), parameters.lengths.data(), parameters.formats.data(), 0));
    require_ok(result, sql);
    const std::string_view tag = PQcmdStatus(result.get());
    changed_ = tag.starts_with("SELECT") ? 0 : number_from<std::int64_t>(PQcmdTuples(result.get()));
    if (!statement.columns)
        read_columns(statement, result, sql);

    Rows rows;
    const int count = PQntuples(result.get());
    const int width = PQnfields(result.get());
    rows.reserve(static_cast<std::size_t>(count));
    for (int row = 0; row < count; ++row) {
        std::vector<Value> cells(static_cast<std::size_t>(width));
        for (int column = 0; column < width; ++column) {
            const auto size = static_cast<std::size_t>(PQgetlength(result.get(), row, column));
            const std::string_view text(PQgetvalue(result.get(), row, column), size);
            const auto place = static_cast<std::size_t>(column);
            if (PQgetisnull(result.get(), row, column) == 0)
                cells[place] = cell_from(text, statement.types[place]);
        }
        rows.emplace_back(statement.columns, std::move(cells));
    }
    return rows;
}

void PostgresqlConnection::run_script(std::string_view sql)
{
    const auto script = with_types(
        for_dialect(sql, "postgresql"), "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
        "BYTEA");
    command(script);
}

std::string PostgresqlConnection::command(const std::string& sql)
{
    const Result result(PQexec(handle(), sql.c_str()));
    require_ok(result, sql);
    return PQcmdStatus(result.get());
}

bool PostgresqlConnection::is_lost() const { return PQstatus(handle()) != CONNECTION_OK; }

bool PostgresqlConnection::is_in_transaction() const
{
    return PQtransactionStatus(handle()) != PQTRANS_IDLE;
}

// The same text with other types is another statement: `?` is declared to be what is passed.
PostgresqlConnection::Statement& PostgresqlConnection::prepared(
    std::string_view sql, const std::vector<Value>& arguments)
{
    const auto key = fmt::format("{} {}", type_letters(arguments), sql);
    if (auto* const known = statements_.find(key))
        return *known;
    const auto text = with_numbered_parameters(sql, arguments);
    const Parameters parameters(arguments);
    Statement statement(fmt::format("s{}", ++names_given_), unused_names_);
    const Result result(PQprepare(
        handle(), statement.name.c_str(), text.c_str(), static_cast<int>(parameters.types.size()),
        parameters.types.data()));
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK)
        statement.name.clear(); // There is nothing to forget.
    require_ok(result, sql);
    return statements_.insert(key, std::move(statement));
}

void PostgresqlConnection::forget_unused()
{
    for (const auto& name : std::exchange(unused_names_, {}))
        command("DEALLOCATE " + name);
}

void PostgresqlConnection::require_ok(const Result& result, std::string_view doing) const
{
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        throw failure(result.get(), doing);
}

SqlFailure PostgresqlConnection::failure(const pg_result* result, std::string_view doing) const
{
    const char* const field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string state = field && !is_lost() ? field : "";
    const char* const primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const auto message = fmt::format(
        "PostgreSQL {}: {} ({})", state, primary ? primary : PQerrorMessage(handle()),
        excerpt(doing));
    return SqlFailure(kind_of(state), state, message);
}

void PostgresqlConnection::read_columns(
    Statement& statement, const Result& result, std::string_view sql)
{
    auto columns = std::make_shared<std::vector<std::string>>();
    const int width = PQnfields(result.get());
    for (int column = 0; column < width; ++column) {
        columns->emplace_back(PQfname(result.get(), column));
        statement.types.push_back(PQftype(result.get(), column));
    }
    require_distinct(*columns, sql);
    statement.columns = std::move(columns);
}

} // namespace db
