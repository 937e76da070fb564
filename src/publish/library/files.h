#pragma once

// Files of the library (附件、图片), kept by their SHA-256 under <data>/files/ab/cd…, so that the
// same file is kept once and never changes under a name. A file must be of an allowed type by its
// name and by its content and pass the checks of promises.md §4.1 before it is kept.

#include "base/actor.h"
#include "base/result.h"
#include "publish/library/item.h"

#include <optional>
#include <string>
#include <string_view>

namespace db {
class Transaction;
class Database;
} // namespace db

namespace library {

struct StoredFile {
    std::string hash;
    std::string name; // Of the first upload.
    std::uint64_t size = 0;
    std::string media_type;
    int width = 0; // Of a picture, else 0.
    int height = 0;
};

/// Where files lie.
class FileStore {
public:
    explicit FileStore(std::string directory);
    std::string path_of(std::string_view hash) const; // Requires: 64 hex digits.
    bool has(std::string_view hash) const;

    /// Takes over the file at `path` (moved, synced). Refuses with library.file_* (empty,
    /// too_large, type_not_allowed, type_mismatch, macro, external_reference, archive_bomb,
    /// damaged, picture_too_large), each with a sentence that says what to do.
    base::Result<StoredFile> keep(const std::string& path, std::string_view name) const;

private:
    std::string directory_;
};

/// Remembers a kept file, so that versions may name it.
base::Result<StoredFile> record_file(
    db::Transaction&, const base::Actor&, const StoredFile&, base::Instant now);
std::optional<StoredFile> find_file(db::Transaction&, std::string_view hash);

} // namespace library
