#pragma once

// multipart/form-data (RFC 7578), read piece by piece: fields into memory, files to disk.

#include "base/result.h"
#include "http/request.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace http {

struct MultipartLimits {
    std::size_t field_bytes_max = 2U << 20;
    std::size_t file_bytes_max = 0;
    std::size_t parts_max = 64;
    std::size_t part_header_bytes_max = 4U << 10;
};

/// Feed it the body in any pieces, then finish(). Files are left in `spool_directory` under random
/// names and are removed by the destructor unless taken.
class MultipartReader {
public:
    MultipartReader(std::string boundary, std::string spool_directory, MultipartLimits limits);
    ~MultipartReader();

    /// Refuses with http.bad_multipart, http.field_too_large, http.file_too_large.
    base::Result<> feed(std::string_view piece);
    base::Result<> finish();

    Pairs take_fields();
    std::vector<Upload> take_uploads(); // The caller now owns the files.

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The boundary parameter of a Content-Type, or nothing.
std::optional<std::string> multipart_boundary(std::string_view content_type);

} // namespace http
