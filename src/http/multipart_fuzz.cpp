// Forms from arbitrary bytes: no crash, no file left, and the same fields however they are split.
// "|" in the input stands for the delimiter line, so that the fuzzer finds its way inside.

#include "base/assert.h"
#include "http/multipart.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

std::string spool()
{
    const char* const directory = std::getenv("TMPDIR");
    return directory != nullptr ? directory : "/tmp";
}

bool read_form(
    std::string_view body, std::size_t piece_size, http::Pairs& fields, std::size_t& files)
{
    http::MultipartLimits limits;
    limits.field_bytes_max = 1'000;
    limits.file_bytes_max = 1'000;
    http::MultipartReader reader("X", spool(), limits);
    for (; !body.empty(); body.remove_prefix(std::min(piece_size, body.size()))) {
        if (!reader.feed(body.substr(0, piece_size)))
            return false;
    }
    if (!reader.finish())
        return false;
    fields = reader.take_fields();
    const auto uploads = reader.take_uploads();
    files = uploads.size();
    for (const auto& upload : uploads)
        std::remove(upload.path.c_str());
    return true;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string body;
    for (const char c : std::string_view(reinterpret_cast<const char*>(data), size)) {
        if (c == '|')
            body += "\r\n--X";
        else
            body += c;
    }
    if (body.starts_with("\r\n"))
        body.erase(0, 2);
    http::Pairs fast_fields;
    http::Pairs slow_fields;
    std::size_t fast_files = 0;
    std::size_t slow_files = 0;
    const bool fast = read_form(body, body.size() + 1, fast_fields, fast_files);
    const bool slow = read_form(body, 1, slow_fields, slow_files);
    VERIFY(fast == slow);
    VERIFY(fast_fields == slow_fields && fast_files == slow_files);
    http::multipart_boundary(body);
    return 0;
}
