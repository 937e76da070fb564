#include "app/backup.h"

#include "app/instance.h"
#include "core/audit/verify.h"
#include "core/site/site.h"
#include "publish/library/query.h"
#include "publish/release/pages.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <memory>
#include <openssl/evp.h>
#include <unistd.h>

namespace app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr auto manifest_name = "manifest.json";
constexpr auto seal_name = "manifest.sha256"; // Of the manifest: a flipped bit in it shows too.
constexpr int pages_sampled = 200;

auto damaged(const std::string& what)
{
    return base::refuse(base::Error::Kind::Invalid, "app.backup_damaged", "备份不完整：" + what);
}

auto failed(const std::string& what)
{
    return base::refuse(base::Error::Kind::Invalid, "app.backup_failed", "备份没有完成：" + what);
}

base::Result<std::string> hash_of(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return damaged("读不出 " + path.string());
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(
        EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
    std::array<char, 256U << 10> buffer;
    while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0)
        EVP_DigestUpdate(digest.get(), buffer.data(), static_cast<std::size_t>(file.gcount()));
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash;
    unsigned length = 0;
    EVP_DigestFinal_ex(digest.get(), hash.data(), &length);
    std::string hex;
    for (unsigned i = 0; i < length; ++i)
        hex += fmt::format("{:02x}", hash[i]);
    return hex;
}

void sync_path(const fs::path& path, int flags)
{
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0)
        throw std::runtime_error(fmt::format("{}: {}", path.string(), std::strerror(errno)));
    const int result = ::fsync(descriptor);
    ::close(descriptor);
    if (result != 0)
        throw std::runtime_error(fmt::format("{}: {}", path.string(), std::strerror(errno)));
}

void link_or_copy(const fs::path& from, const fs::path& to)
{
    fs::create_directories(to.parent_path());
    std::error_code cannot;
    fs::create_hard_link(from, to, cannot);
    if (cannot)
        fs::copy_file(from, to, fs::copy_options::overwrite_existing);
}

/// Every regular file below `folder`, relative, sorted.
std::vector<fs::path> files_below(const fs::path& folder)
{
    std::vector<fs::path> files;
    if (!fs::exists(folder))
        return files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const bool counts = entry.is_regular_file() && entry.path().extension() != ".part";
        if (counts)
            files.push_back(fs::relative(entry.path(), folder));
    }
    std::sort(files.begin(), files.end());
    return files;
}

struct Counts {
    std::int64_t items = 0;
    std::int64_t publications = 0;
};

Counts count_contents(db::Database& database)
{
    return database.read([](db::Transaction& tx) {
        Counts counts;
        counts.items = library::count_items(tx, {.all_orgs = true});
        counts.publications = release::count_all_live(tx);
        return counts;
    });
}

json::object manifest_of(const BackupSet& set, json::object files)
{
    return {
        {"format", 1},
        {"taken_at", base::to_iso_text(set.taken_at)},
        {"taken_at_ms", base::to_millis(set.taken_at)},
        {"items", set.items},
        {"publications", set.publications},
        {"audit_sequence", set.audit_sequence},
        {"audit_hash", set.audit_hash},
        {"files", std::move(files)},
    };
}

base::Result<json::object> read_manifest(const fs::path& set)
{
    std::ifstream seal(set / seal_name, std::ios::binary);
    const std::string sealed{std::istreambuf_iterator<char>(seal), {}};
    if (TRY(hash_of(set / manifest_name)) != sealed)
        return damaged((set / manifest_name).string() + " 与它的摘要不符");
    std::ifstream file(set / manifest_name, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    boost::system::error_code broken;
    const auto value = json::parse(text, broken);
    const bool sound = file && !broken && value.is_object() && value.get_object().contains("files")
                       && value.get_object().contains("taken_at_ms");
    if (!sound)
        return damaged((set / manifest_name).string() + " 不存在或已损坏");
    return value.get_object();
}

BackupSet set_from(const fs::path& path, const json::object& manifest)
{
    const auto number = [&](const char* name) {
        const auto* value = manifest.if_contains(name);
        return value != nullptr && value->is_int64() ? value->get_int64() : 0;
    };
    const auto* hash = manifest.if_contains("audit_hash");
    return {
        .path = path.string(),
        .taken_at = base::instant_from_millis(number("taken_at_ms")),
        .items = number("items"),
        .publications = number("publications"),
        .audit_sequence = number("audit_sequence"),
        .audit_hash = hash != nullptr && hash->is_string() ? std::string(hash->get_string()) : "",
        .files = static_cast<std::int64_t>(manifest.at("files").as_object().size()),
    };
}

std::string set_name(base::Instant at)
{
    auto text = base::to_iso_text(at).substr(0, 19);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    std::replace(text.begin(), text.end(), 'T', '-');
    return text;
}

/// Copies everything into `folder` and says what is in it.
base::Result<BackupSet> fill_set(Instance& instance, const fs::path& folder, base::Instant now)
{
    const fs::path data = instance.settings().data;
    TRY(instance.database().backup_to((folder / "huabiao.db").string()));
    for (const auto& file : files_below(data / "files"))
        link_or_copy(data / "files" / file, folder / "files" / file);
    if (fs::exists(data / "huabiao.toml"))
        fs::copy_file(data / "huabiao.toml", folder / "huabiao.toml");

    // What the copy says, not what the live database says by now.
    const auto copy = db::Database::open({.url = "sqlite:" + (folder / "huabiao.db").string()});
    const auto counts = count_contents(*copy);
    const auto audit = audit::verify(*copy);
    if (audit.breach)
        return failed("审计链校验不通过：" + audit.breach->explanation);
    return BackupSet{
        .path = folder.string(),
        .taken_at = now,
        .items = counts.items,
        .publications = counts.publications,
        .audit_sequence = audit.head.sequence,
        .audit_hash = audit.head.hash,
    };
}

base::Result<> write_manifest(const fs::path& folder, BackupSet& set)
{
    json::object hashes;
    for (const auto& file : files_below(folder)) {
        if (file == manifest_name || file == seal_name)
            continue;
        hashes[file.generic_string()] = TRY(hash_of(folder / file));
        set.bytes += fs::file_size(folder / file);
    }
    set.files = static_cast<std::int64_t>(hashes.size());
    {
        std::ofstream manifest(folder / manifest_name, std::ios::binary);
        manifest << json::serialize(manifest_of(set, std::move(hashes)));
        if (!manifest.flush())
            return failed("写不了清单");
    }
    std::ofstream(folder / seal_name, std::ios::binary) << TRY(hash_of(folder / manifest_name));
    sync_path(folder / manifest_name, O_RDONLY);
    sync_path(folder / seal_name, O_RDONLY);
    sync_path(folder, O_RDONLY | O_DIRECTORY);
    return {};
}

void check_pages(Instance& instance, DrillReport& report)
{
    instance.database().read([&](db::Transaction& tx) {
        for (const auto& site : site::list_sites(tx)) {
            for (const auto& listed : release::list_live_of_site(tx, site.id, 0, pages_sampled)) {
                const auto found = release::find_by_url(tx, site.id, listed.url);
                if (!found || !std::holds_alternative<release::Shown>(*found))
                    report.faults.push_back("页面读不出来：" + site.name + listed.url);
                ++report.pages_checked;
            }
        }
    });
}

} // namespace

base::Result<BackupSet> take_backup(Instance& instance, const std::string& folder)
{
    const auto now = instance.clock().now();
    const fs::path target = fs::path(folder) / set_name(now);
    // Under a working name until it is whole: a half set is never taken for a set.
    const fs::path working = target.string() + ".part";
    try {
        fs::remove_all(working);
        fs::create_directories(working);
        auto set = fill_set(instance, working, now);
        if (!set) {
            fs::remove_all(working);
            return set;
        }
        // Opening the copy left its own side files, which are part of no set.
        for (const auto* side : {"huabiao.db-wal", "huabiao.db-shm"})
            fs::remove(working / side);
        TRY(write_manifest(working, *set));
        fs::rename(working, target);
        set->path = target.string();
        return set;
    } catch (const std::exception& error) {
        std::error_code ignored;
        fs::remove_all(working, ignored);
        return failed(error.what());
    }
}

std::vector<BackupSet> list_backups(const std::string& folder)
{
    std::vector<BackupSet> sets;
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator(folder, absent)) {
        if (!entry.is_directory() || entry.path().extension() == ".part")
            continue;
        if (const auto manifest = read_manifest(entry.path()))
            sets.push_back(set_from(entry.path(), *manifest));
    }
    std::sort(sets.begin(), sets.end(), [](const BackupSet& a, const BackupSet& b) {
        return a.taken_at > b.taken_at;
    });
    return sets;
}

base::Result<BackupSet> verify_backup(const std::string& set)
{
    const auto manifest = TRY(read_manifest(set));
    for (const auto& [name, hash] : manifest.at("files").as_object()) {
        const auto path = fs::path(set) / std::string(name);
        if (!fs::exists(path))
            return damaged("缺少文件 " + std::string(name));
        const auto actual = TRY(hash_of(path));
        if (!hash.is_string() || hash.get_string() != actual)
            return damaged("文件 " + std::string(name) + " 与清单不符");
    }
    return set_from(set, manifest);
}

base::Result<BackupSet> restore_backup(const std::string& set, const std::string& target)
{
    auto verified = TRY(verify_backup(set));
    if (fs::exists(target) && !fs::is_empty(target))
        return base::refuse(
            base::Error::Kind::Conflict, "app.not_empty",
            "目标目录 " + target + " 不是空的，为免覆盖数据，请换一个目录");
    const fs::path working = target + ".part";
    fs::remove_all(working);
    fs::create_directories(working);
    for (const auto& file : files_below(set)) {
        if (file == manifest_name || file == seal_name)
            continue;
        fs::create_directories((working / file).parent_path());
        fs::copy_file(fs::path(set) / file, working / file);
        sync_path(working / file, O_RDONLY);
    }
    fs::remove(target);
    fs::rename(working, target);
    return verified;
}

base::Result<DrillReport> drill_backup(const std::string& set, const Settings& settings)
{
    const base::SystemClock clock;
    const auto begin = clock.now();
    const auto scratch = fmt::format("{}/drill-{}", fs::temp_directory_path().string(), getpid());
    fs::remove_all(scratch);
    DrillReport report;
    report.set = TRY(restore_backup(set, scratch));
    {
        auto drilled = settings;
        drilled.data = scratch;
        drilled.database.clear();
        const auto instance = TRY(Instance::open(drilled, Instance::Use::Exclusive));
        for (const auto& fault : instance->database().check_integrity())
            report.faults.push_back("数据库：" + fault);
        const audit::Anchor anchor{report.set.audit_sequence, report.set.audit_hash};
        const auto audit = audit::verify(instance->database(), anchor);
        report.audit_records = audit.records;
        if (audit.breach)
            report.faults.push_back("审计链：" + audit.breach->explanation);
        const auto counts = count_contents(instance->database());
        if (counts.items != report.set.items || counts.publications != report.set.publications)
            report.faults.emplace_back("条数与清单不符");
        check_pages(*instance, report);
    }
    fs::remove_all(scratch);
    report.recovery_time = clock.now() - begin;
    report.recovery_point = begin - report.set.taken_at;
    return report;
}

} // namespace app
