#pragma once

// A ZIP archive from outside, read within limits that hold whatever its headers say: number of
// entries, bytes inflated, ratio of inflation. Names that would leave a folder are refused even
// though nothing is ever written to disk, because an honest writer makes none.

#include "base/result.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intake {

constexpr std::size_t ARCHIVE_ENTRIES_MAX = 2000;
constexpr std::size_t ARCHIVE_BYTES_MAX = 200UL * 1024 * 1024;
constexpr std::size_t ARCHIVE_RATIO_MAX = 100;
/// Small parts of a document may well be a hundred times smaller when packed; a bomb is large.
constexpr std::size_t RATIO_FREE_BYTES = 1024UL * 1024;

class Archive {
public:
    /// `bytes` must outlive the archive. Refuses with intake.broken_archive, intake.archive_limits.
    static base::Result<Archive> open(std::string_view bytes);
    ~Archive();
    Archive(Archive&&) noexcept;
    Archive& operator=(Archive&&) noexcept;

    const std::vector<std::string>& names() const { return names_; }
    bool has(std::string_view name) const;

    /// The contents of one entry. Refuses like open.
    base::Result<std::string> read(const std::string& name);

private:
    struct Handle;
    explicit Archive(std::unique_ptr<Handle> handle);

    std::unique_ptr<Handle> handle_;
    std::vector<std::string> names_;
    std::size_t inflated_ = 0;
};

} // namespace intake
