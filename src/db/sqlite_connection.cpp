#include "db/sqlite_connection.h"

#include "db/values.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace db {
namespace {

// More statements than the whole program has; the bound is for a bug that splices values into SQL.
constexpr std::size_t statements_max = 400;

// WAL is durable with synchronous=FULL only: with NORMAL a power cut takes acknowledged commits.
// secure_delete overwrites what is deleted, as personal data demand. The pages of 1,000,000 items
// stay in the system's cache; ours holds the inner pages of the indexes. No mmap: it brings little
// (a point read takes 4 µs) and turns an I/O error into the end of the process.
constexpr const char* common_pragmas = "PRAGMA journal_mode = WAL;"
                                       "PRAGMA synchronous = FULL;"
                                       "PRAGMA foreign_keys = ON;"
                                       "PRAGMA secure_delete = ON;"
                                       "PRAGMA case_sensitive_like = ON;"
                                       "PRAGMA temp_store = MEMORY;"
                                       "PRAGMA trusted_schema = OFF;";
// The undo journals of savepoints lie in a file without a name: in memory SQLite keeps them as a
// list that every statement walks, which halves the speed of large batches (docs/benchmarks.md).
constexpr const char* writer_pragmas = "PRAGMA cache_size = -32768;"
                                       "PRAGMA temp_store = FILE;"
                                       "PRAGMA wal_autocheckpoint = 0;"
                                       "PRAGMA journal_size_limit = 67108864;";
constexpr const char* reader_pragmas = "PRAGMA cache_size = -8192;"
                                       "PRAGMA query_only = ON;";

// The database holds personal data: it and its -wal and -shm, which copy its mode, are not for
// other accounts of the machine.
void create_privately(const std::string& path)
{
    const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) {
        const auto message = fmt::format("无法打开数据库文件 {}：{}", path, std::strerror(errno));
        throw Failure(Failure::Kind::Unavailable, message);
    }
    ::close(file);
}

Failure::Kind kind_of(int code, int system_error)
{
    if (system_error == ENOSPC || system_error == EDQUOT)
        return Failure::Kind::Full;
    switch (code & 0xFF) {
    case SQLITE_FULL: return Failure::Kind::Full;
    case SQLITE_CONSTRAINT: return Failure::Kind::Constraint;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Failure::Kind::Corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_PERM: return Failure::Kind::Unavailable;
    default: return Failure::Kind::Other;
    }
}

Value read_cell(sqlite3_stmt* statement, int column)
{
    const auto size = [&] {
        return static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
    };
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT: return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
        return text ? std::string(text, size()) : std::string();
    }
    case SQLITE_BLOB: {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
        return bytes ? Blob{std::string(bytes, size())} : Blob{};
    }
    default: return nullptr;
    }
}

// Leaves a statement ready for its next use, whatever happened.
struct Reset {
    sqlite3_stmt* statement;

    explicit Reset(sqlite3_stmt* used)
        : statement(used)
    {
    }
    Reset(const Reset&) = delete;
    Reset& operator=(const Reset&) = delete;
    ~Reset()
    {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
};

} // namespace

void SqliteConnection::Close::operator()(sqlite3* database) const { sqlite3_close(database); }

void SqliteConnection::Finalize::operator()(sqlite3_stmt* statement) const
{
    sqlite3_finalize(statement);
}

SqliteConnection::SqliteConnection(const std::string& path, Role role)
    : statements_(statements_max)
{
    create_privately(path);
    sqlite3* database = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
    database_.reset(database);
    if (code != SQLITE_OK) {
        const auto message = fmt::format("无法打开数据库文件 {}：{}", path, sqlite3_errstr(code));
        throw Failure(Failure::Kind::Unavailable, message);
    }
    configure(role);
}

void SqliteConnection::configure(Role role)
{
    sqlite3_busy_timeout(handle(), busy_timeout_ms);
    // "x" never means the text x, and no SQL of ours can damage the file's own tables.
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    if (role == Role::Copy)
        return;
    const auto pragmas =
        std::string(common_pragmas) + (role == Role::Writer ? writer_pragmas : reader_pragmas);
    if (sqlite3_exec(handle(), pragmas.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        throw failure("opening the database");
}

Rows SqliteConnection::run(std::string_view sql, const std::vector<Value>& arguments)
{
    require_storable(arguments);
    auto& statement = prepared(sql);
    auto* const handle = statement.handle.get();
    if (std::cmp_not_equal(sqlite3_bind_parameter_count(handle), arguments.size())) {
        const auto message = fmt::format(
            "{} arguments for {} parameters: {}", arguments.size(),
            sqlite3_bind_parameter_count(handle), excerpt(sql));
        throw Failure(Failure::Kind::Other, message);
    }
    const Reset reset(handle);
    int place = 0;
    for (const auto& argument : arguments)
        bind(handle, ++place, argument, sql);

    Rows rows;
    int code = sqlite3_step(handle);
    const int schema_changes = sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_REPREPARE, 0);
    if (schema_changes != statement.schema_changes) {
        read_columns(statement, sql);
        statement.schema_changes = schema_changes;
    }
    for (; code == SQLITE_ROW; code = sqlite3_step(handle))
        rows.push_back(read_row(statement));
    if (code != SQLITE_DONE)
        throw failure(sql);
    changed_ = sqlite3_stmt_readonly(handle) ? 0 : sqlite3_changes64(this->handle());
    return rows;
}

void SqliteConnection::run_script(std::string_view sql)
{
    const auto script =
        with_types(for_dialect(sql, "sqlite"), "INTEGER PRIMARY KEY AUTOINCREMENT", "BLOB");
    if (sqlite3_exec(handle(), script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        throw failure(sql);
}

std::int64_t SqliteConnection::changed_in_all() const { return sqlite3_total_changes64(handle()); }

bool SqliteConnection::is_in_transaction() const { return sqlite3_get_autocommit(handle()) == 0; }

Failure SqliteConnection::failure(std::string_view doing) const
{
    const int code = sqlite3_extended_errcode(handle());
    // errno of the last failed system call; stale unless this error came from the system.
    const bool of_system = (code & 0xFF) == SQLITE_IOERR || (code & 0xFF) == SQLITE_CANTOPEN;
    const int system_error = of_system ? sqlite3_system_errno(handle()) : 0;
    const auto message =
        fmt::format("SQLite {}: {} ({})", code, sqlite3_errmsg(handle()), excerpt(doing));
    return Failure(kind_of(code, system_error), message);
}

SqliteConnection::Statement& SqliteConnection::prepared(std::string_view sql)
{
    if (auto* const known = statements_.find(sql))
        return *known;
    sqlite3_stmt* handle = nullptr;
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(
        this->handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
        &handle, &rest);
    Statement statement{.handle = {handle, {}}, .columns = nullptr};
    if (code != SQLITE_OK)
        throw failure(sql);
    const auto after = sql.substr(static_cast<std::size_t>(rest - sql.data()));
    if (!handle || after.find_first_not_of(" \t\r\n;") != std::string_view::npos)
        throw Failure(Failure::Kind::Other, "not one statement: " + excerpt(sql));
    read_columns(statement, sql);
    return statements_.insert(sql, std::move(statement));
}

void SqliteConnection::read_columns(Statement& statement, std::string_view sql)
{
    auto columns = std::make_shared<std::vector<std::string>>();
    const int count = sqlite3_column_count(statement.handle.get());
    for (int i = 0; i < count; ++i)
        columns->emplace_back(sqlite3_column_name(statement.handle.get(), i));
    require_distinct(*columns, sql);
    statement.columns = std::move(columns);
}

void SqliteConnection::bind(
    sqlite3_stmt* statement, int place, const Value& value, std::string_view sql)
{
    int code = SQLITE_OK;
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        code = sqlite3_bind_int64(statement, place, *integer);
    else if (const auto* real = std::get_if<double>(&value))
        code = sqlite3_bind_double(statement, place, *real);
    else if (const auto* text = std::get_if<std::string>(&value))
        code = sqlite3_bind_text64(
            statement, place, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    else if (const auto* blob = std::get_if<Blob>(&value))
        code = sqlite3_bind_blob64(
            statement, place, blob->bytes.data(), blob->bytes.size(), SQLITE_STATIC);
    else
        code = sqlite3_bind_null(statement, place);
    if (code != SQLITE_OK)
        throw failure(sql);
}

Row SqliteConnection::read_row(const Statement& statement)
{
    std::vector<Value> cells;
    const auto count = static_cast<int>(statement.columns->size());
    cells.reserve(statement.columns->size());
    for (int i = 0; i < count; ++i)
        cells.push_back(read_cell(statement.handle.get(), i));
    return Row(statement.columns, std::move(cells));
}

} // namespace db
