#include "app/instance.h"

#include "base/log.h"
#include "core/audit/schema.h"
#include "core/identity/schema.h"
#include "core/org/schema.h"
#include "core/site/schema.h"
#include "publish/library/schema.h"
#include "publish/release/schema.h"
#include "publish/review/schema.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sys/file.h>
#include <unistd.h>

namespace app {
namespace {

constexpr auto lock_name = "lock";

base::Result<int> lock_directory(const std::string& data)
{
    const auto path = fmt::format("{}/{}", data, lock_name);
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return base::refuse(
            base::Error::Kind::Invalid, "app.directory_unusable",
            fmt::format("不能写数据目录 {}：{}", data, std::strerror(errno)));
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return base::refuse(
            base::Error::Kind::Conflict, "app.directory_in_use",
            fmt::format("数据目录 {} 正由另一个 huabiao 进程使用，请先停止它", data));
    }
    return descriptor;
}

/// A new data directory explains its settings; an existing file is the administrator's.
void write_settings_file(const std::string& data)
{
    const auto path = data + "/huabiao.toml";
    if (!std::filesystem::exists(path))
        std::ofstream(path) << commented_settings();
}

std::string database_url(const Settings& settings)
{
    return settings.database.empty() ? fmt::format("sqlite:{}/huabiao.db", settings.data)
                                     : settings.database;
}

} // namespace

std::vector<db::Migration> all_migrations()
{
    std::vector<db::Migration> all;
    for (const auto& more :
         {db::migrations(), audit::migrations(), org::migrations(), identity::migrations(),
          site::migrations(), library::migrations(), review::migrations(), release::migrations()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

Instance::Instance(Settings settings)
    : settings_(std::move(settings))
{
}

Instance::~Instance()
{
    index_.reset();
    database_.reset();
    if (lock_ >= 0)
        ::close(lock_);
}

base::Result<std::unique_ptr<Instance>> Instance::open(const Settings& settings, Use use)
{
    // Who only looks makes nothing: an empty chain in a mistyped folder would verify as whole.
    const auto database_file = settings.data + "/huabiao.db";
    if (use == Use::Reading && settings.database.empty() && !std::filesystem::exists(database_file))
        return base::refuse(
            base::Error::Kind::NotFound, "app.no_data",
            fmt::format("没有 {}，请用 --data 指明数据目录", database_file));
    std::error_code failed;
    for (const auto* folder : {"", "/files", "/search", "/spool"}) {
        std::filesystem::create_directories(settings.data + folder, failed);
        if (failed)
            return base::refuse(
                base::Error::Kind::Invalid, "app.directory_unusable",
                fmt::format("不能建立数据目录 {}：{}", settings.data + folder, failed.message()));
    }
    write_settings_file(settings.data);
    std::unique_ptr<Instance> instance(new Instance(settings));
    const bool local = settings.database.empty();
    if (local && use == Use::Exclusive)
        instance->lock_ = TRY(lock_directory(settings.data));
    try {
        instance->database_ = db::Database::open({.url = database_url(settings)});
        const int applied = db::migrate(*instance->database_, all_migrations());
        if (applied > 0)
            base::log_info("The database was brought up to date by {} migrations", applied);
    } catch (const db::Failure& failure) {
        return base::refuse(
            base::Error::Kind::Invalid, "app.database_unusable",
            fmt::format("不能打开数据库 {}：{}", database_url(settings), failure.what()));
    }
    instance->files_ = std::make_unique<library::FileStore>(settings.data + "/files");
    return instance;
}

search::Index& Instance::index()
{
    if (!index_)
        index_ = search::Index::open(settings_.data + "/search");
    return *index_;
}

} // namespace app
