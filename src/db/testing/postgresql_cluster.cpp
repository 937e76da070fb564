#include "db/testing/postgresql_cluster.h"

#include "db/testing/temporary_database.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <stdexcept>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace db::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* programs = "/usr/lib/postgresql/15/bin/";
constexpr auto start_patience = std::chrono::seconds(20);

// Who runs the server: PostgreSQL refuses root, so then the account that its package made.
struct Account {
    bool is_other = false;
    uid_t user = 0;
    gid_t group = 0;
};

Account server_account()
{
    if (::geteuid() != 0)
        return {};
    const auto* const entry = ::getpwnam("postgres");
    if (!entry)
        throw std::runtime_error("there is no account postgres to run PostgreSQL under");
    return {.is_other = true, .user = entry->pw_uid, .group = entry->pw_gid};
}

// After fork(): becomes the program, or ends. SIGQUIT when the test process dies is PostgreSQL's
// immediate shutdown; it is asked for after the change of account, which would cancel it.
[[noreturn]] void become(
    const std::vector<std::string>& command, const Account& account, pid_t parent, bool is_tied)
{
    std::vector<char*> arguments;
    for (const auto& word : command)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    if (account.is_other
        && (::setgroups(0, nullptr) != 0 || ::setgid(account.group) != 0
            || ::setuid(account.user) != 0))
        ::_exit(126);
    if (is_tied && (::prctl(PR_SET_PDEATHSIG, SIGQUIT) != 0 || ::getppid() != parent))
        ::_exit(125);
    const int nothing = ::open("/dev/null", O_RDWR);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(nothing, STDOUT_FILENO);
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
}

void run(const std::vector<std::string>& command, const Account& account)
{
    const auto parent = ::getpid();
    const auto child = ::fork();
    if (child == 0)
        become(command, account, parent, false);
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0)
        throw std::runtime_error(fmt::format("{} failed with {}", command.front(), status));
}

void give_to(const fs::path& folder, const Account& account)
{
    if (!account.is_other)
        return;
    const auto give = [&](const fs::path& path) {
        if (::lchown(path.c_str(), account.user, account.group) != 0)
            throw std::runtime_error(fmt::format("chown {}: {}", path.c_str(), strerror(errno)));
    };
    give(folder);
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        give(entry.path());
}

// initdb takes a second and more; it is done once for all test programs of a build folder, and
// every process copies what it made.
fs::path template_folder(const Account& account)
{
    const fs::path place = HUABIAO_POSTGRESQL_TEMPLATE;
    const auto lock_path = place.string() + ".lock";
    const int lock = ::open(lock_path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
    if (lock < 0 || ::flock(lock, LOCK_EX) != 0)
        throw std::runtime_error("can't lock " + lock_path);
    if (!fs::exists(place)) {
        const TemporaryFolder folder;
        give_to(folder.path(), account);
        const auto fresh = folder.path() + "/data";
        run({std::string(programs) + "initdb", "--no-sync", "-A", "trust", "-U", "postgres", "-E",
             "UTF8", "--locale=C", "--wal-segsize=1", "-D", fresh},
            account);
        const auto part = place.string() + ".part";
        fs::remove_all(part);
        fs::copy(fresh, part, fs::copy_options::recursive);
        fs::rename(part, place);
    }
    ::close(lock); // Unlocks.
    return place;
}

class Cluster {
public:
    Cluster();
    ~Cluster();
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    std::string uri() const
    {
        return fmt::format("postgresql:///postgres?user=postgres&host={}", folder_.path());
    }

private:
    void wait_until_ready() const;

    TemporaryFolder folder_;
    pid_t owner_ = ::getpid();
    pid_t server_ = -1;
};

Cluster::Cluster()
{
    const auto account = server_account();
    const auto data = folder_.path() + "/data";
    fs::copy(template_folder(account), data, fs::copy_options::recursive);
    fs::permissions(data, fs::perms::owner_all);
    give_to(folder_.path(), account);
    const std::vector<std::string> command = {
        std::string(programs) + "postgres",
        "-D",
        data,
        "-k",
        folder_.path(),
        "-c",
        "listen_addresses=",
        "-c",
        "fsync=off",
        "-c",
        "full_page_writes=off",
        "-c",
        "synchronous_commit=off",
        "-c",
        "deadlock_timeout=50ms",
        "-c",
        "shared_buffers=16MB",
        "-c",
        "autovacuum=off",
        "-c",
        "max_connections=100",
        "-c",
        "logging_collector=off",
        "-c",
        "log_min_messages=fatal",
        "-c",
        "log_min_error_statement=panic"};
    server_ = ::fork();
    if (server_ == 0)
        become(command, account, owner_, true);
    if (server_ < 0)
        throw std::runtime_error("can't fork");
    wait_until_ready();
}

// A forked child that ends by exit() leaves its parent's server alone.
Cluster::~Cluster()
{
    if (::getpid() != owner_)
        return;
    ::kill(server_, SIGQUIT);
    ::waitpid(server_, nullptr, 0);
}

void Cluster::wait_until_ready() const
{
    const auto deadline = std::chrono::steady_clock::now() + start_patience;
    while (PQping(uri().c_str()) != PQPING_OK) {
        if (::waitpid(server_, nullptr, WNOHANG) != 0)
            throw std::runtime_error("PostgreSQL ended at once; see its message above");
        if (std::chrono::steady_clock::now() > deadline)
            throw std::runtime_error("PostgreSQL did not start in time");
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

} // namespace

bool has_postgresql() { return fs::exists(std::string(programs) + "postgres"); }

std::string postgresql_uri(const std::string& schema)
{
    if (!has_postgresql())
        throw std::runtime_error("PostgreSQL 15 is not installed (Debian package postgresql-15)");
    static const Cluster cluster;
    return cluster.uri() + "&options=-csearch_path%3D" + schema;
}

} // namespace db::testing
