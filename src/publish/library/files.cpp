#include "publish/library/files.h"

#include "base/assert.h"
#include "base/random.h"
#include "core/audit/audit.h"
#include "publish/library/file_checks.h"
#include "publish/library/refusals.h"
#include "publish/library/store.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <openssl/evp.h>
#include <stdexcept>
#include <unistd.h>

namespace library {
namespace {

bool is_hash(std::string_view text)
{
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

class OpenFile {
public:
    OpenFile(const std::string& path, int flags)
        : descriptor_(::open(path.c_str(), flags | O_CLOEXEC))
    {
        if (descriptor_ < 0)
            throw std::runtime_error(fmt::format("can't open {}: {}", path, std::strerror(errno)));
    }
    ~OpenFile() { ::close(descriptor_); }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

std::string hash_of_file(const std::string& path)
{
    const OpenFile file(path, O_RDONLY);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(
        EVP_MD_CTX_new(), EVP_MD_CTX_free);
    VERIFY(digest && EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) == 1);
    std::array<char, 256U << 10> buffer;
    for (;;) {
        const auto got = ::read(file.descriptor(), buffer.data(), buffer.size());
        if (got < 0)
            throw std::runtime_error(fmt::format("can't read {}: {}", path, std::strerror(errno)));
        if (got == 0)
            break;
        EVP_DigestUpdate(digest.get(), buffer.data(), static_cast<std::size_t>(got));
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash;
    unsigned length = 0;
    VERIFY(EVP_DigestFinal_ex(digest.get(), hash.data(), &length) == 1);
    std::string hex;
    for (unsigned i = 0; i < length; ++i)
        hex += fmt::format("{:02x}", hash[i]);
    return hex;
}

void sync(const std::string& path, int flags)
{
    const OpenFile file(path, flags);
    if (::fsync(file.descriptor()) != 0)
        throw std::runtime_error(fmt::format("can't sync {}: {}", path, std::strerror(errno)));
}

} // namespace

FileStore::FileStore(std::string directory)
    : directory_(std::move(directory))
{
    std::filesystem::create_directories(directory_);
}

std::string FileStore::path_of(std::string_view hash) const
{
    VERIFY(is_hash(hash));
    return fmt::format("{}/{}/{}", directory_, hash.substr(0, 2), hash.substr(2));
}

bool FileStore::has(std::string_view hash) const
{
    return is_hash(hash) && std::filesystem::exists(path_of(hash));
}

base::Result<StoredFile> FileStore::keep(const std::string& path, std::string_view name) const
{
    const auto size = static_cast<std::uint64_t>(std::filesystem::file_size(path));
    const auto facts = TRY(check_file(path, name, size));
    const auto hash = hash_of_file(path);
    const auto target = path_of(hash);
    if (!std::filesystem::exists(target)) {
        const auto folder = std::filesystem::path(target).parent_path();
        std::filesystem::create_directories(folder);
        // Synced before it gets its name: a name never stands for half a file.
        sync(path, O_RDWR);
        // A name of its own: the same file may be coming in twice just now.
        const auto waiting = target + "." + base::random_code(12) + ".part";
        std::error_code other_disk;
        std::filesystem::rename(path, waiting, other_disk);
        if (other_disk) {
            std::filesystem::copy_file(
                path, waiting, std::filesystem::copy_options::overwrite_existing);
            sync(waiting, O_RDWR);
        }
        std::filesystem::permissions(
            waiting, std::filesystem::perms::owner_read | std::filesystem::perms::group_read);
        std::filesystem::rename(waiting, target);
        sync(folder.string(), O_RDONLY | O_DIRECTORY);
    }
    return StoredFile{
        .hash = hash,
        .name = std::string(name),
        .size = size,
        .media_type = facts.media_type,
        .width = facts.width,
        .height = facts.height,
    };
}

base::Result<StoredFile> record_file(
    db::Transaction& tx, const base::Actor& actor, const StoredFile& file, base::Instant now)
{
    store::insert_file(tx, file, actor.user, now);
    audit::record(
        tx, actor,
        {.action = "library.upload",
         .subject_kind = "file",
         .summary = fmt::format("上传文件“{}”（{} 字节）", file.name, file.size),
         .after = file.hash},
        now);
    return file;
}

std::optional<StoredFile> find_file(db::Transaction& tx, std::string_view hash)
{
    return store::find_file(tx, hash);
}

} // namespace library
