#include "http/multipart.h"

#include "base/random.h"
#include "http/url.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <system_error>
#include <unistd.h>

namespace http {

namespace {

tl::unexpected<base::Error> bad(std::string_view why)
{
    return base::refuse(
        base::Error::Kind::Invalid, "http.bad_multipart",
        fmt::format("上传的表单格式不正确：{}", why));
}

std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return result;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool has_control(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
}

/// Reads "; name=value" parameters of a header value. Quoted strings know \" only: browsers leave
/// every other backslash as it is (WHATWG HTML, multipart/form-data encoding).
class ParameterReader {
public:
    explicit ParameterReader(std::string_view text)
        : rest_(text)
    {
    }

    struct Parameter {
        std::string name; // In lower case.
        std::string value;
    };

    bool at_end()
    {
        rest_ = trimmed(rest_);
        return rest_.empty();
    }

    std::optional<Parameter> next()
    {
        if (!rest_.starts_with(';'))
            return std::nullopt;
        rest_.remove_prefix(1);
        rest_ = trimmed(rest_);
        const auto equals = rest_.find('=');
        if (equals == std::string_view::npos || equals == 0)
            return std::nullopt;
        Parameter parameter{lower(rest_.substr(0, equals)), {}};
        rest_.remove_prefix(equals + 1);
        if (parameter.name.find_first_of(" \t;\"") != std::string::npos)
            return std::nullopt;
        return rest_.starts_with('"') ? quoted(std::move(parameter)) : token(std::move(parameter));
    }

private:
    std::optional<Parameter> quoted(Parameter parameter)
    {
        rest_.remove_prefix(1);
        while (!rest_.empty() && rest_.front() != '"') {
            if (rest_.starts_with("\\\""))
                rest_.remove_prefix(1);
            parameter.value += rest_.front();
            rest_.remove_prefix(1);
        }
        if (rest_.empty())
            return std::nullopt;
        rest_.remove_prefix(1);
        return parameter;
    }

    std::optional<Parameter> token(Parameter parameter)
    {
        const auto end = std::min(rest_.find(';'), rest_.size());
        parameter.value = trimmed(rest_.substr(0, end));
        rest_.remove_prefix(end);
        return parameter;
    }

    std::string_view rest_;
};

struct Disposition {
    std::string name;
    std::optional<std::string> file_name;
};

/// RFC 5987: UTF-8''%E6%94%BF….
std::optional<std::string> extended_value(std::string_view text)
{
    if (!lower(text.substr(0, 5)).starts_with("utf-8"))
        return std::nullopt;
    const auto quote = text.rfind('\'');
    if (quote == std::string_view::npos || text.find('\'') == quote)
        return std::nullopt;
    return percent_decoded(text.substr(quote + 1));
}

std::optional<Disposition> disposition_from(std::string_view value)
{
    const auto type_end = std::min(value.find(';'), value.size());
    if (lower(trimmed(value.substr(0, type_end))) != "form-data")
        return std::nullopt;
    Disposition disposition;
    std::optional<std::string> name;
    std::optional<std::string> extended;
    ParameterReader reader(value.substr(type_end));
    while (!reader.at_end()) {
        auto parameter = reader.next();
        if (!parameter)
            return std::nullopt;
        auto* const place = parameter->name == "name"        ? &name
                            : parameter->name == "filename"  ? &disposition.file_name
                            : parameter->name == "filename*" ? &extended
                                                             : nullptr;
        if (place == nullptr)
            continue;
        if (place->has_value())
            return std::nullopt;
        *place = std::move(parameter->value);
    }
    if (extended) {
        disposition.file_name = extended_value(*extended);
        if (!disposition.file_name)
            return std::nullopt;
    }
    if (!name || has_control(*name) || !is_utf8(*name))
        return std::nullopt;
    disposition.name = std::move(*name);
    const auto& file = disposition.file_name;
    if (file && (has_control(*file) || !is_utf8(*file)))
        return std::nullopt;
    return disposition;
}

/// A file being written; removed again unless released.
class SpoolFile {
public:
    explicit SpoolFile(const std::string& directory)
        : path_(directory + "/upload-" + base::random_code(20))
        , descriptor_(::open(path_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600))
    {
        if (descriptor_ < 0)
            throw std::system_error(errno, std::generic_category(), "Can't create " + path_);
    }
    SpoolFile(const SpoolFile&) = delete;
    SpoolFile& operator=(const SpoolFile&) = delete;
    ~SpoolFile()
    {
        if (descriptor_ >= 0)
            ::close(descriptor_);
        if (!kept_)
            ::unlink(path_.c_str());
    }

    void write(std::string_view piece)
    {
        while (!piece.empty()) {
            const auto written = ::write(descriptor_, piece.data(), piece.size());
            if (written < 0 && errno == EINTR)
                continue;
            if (written <= 0)
                throw std::system_error(errno, std::generic_category(), "Can't write " + path_);
            piece.remove_prefix(static_cast<std::size_t>(written));
        }
    }

    std::string keep()
    {
        const int failed = ::close(descriptor_);
        descriptor_ = -1;
        if (failed != 0)
            throw std::system_error(errno, std::generic_category(), "Can't close " + path_);
        kept_ = true;
        return path_;
    }

private:
    std::string path_;
    int descriptor_;
    bool kept_ = false;
};

} // namespace

struct MultipartReader::State {
    enum class Stage { Delimiter, AfterDelimiter, Headers, Body, End };

    std::string delimiter; // CR LF -- boundary
    std::string directory;
    MultipartLimits limits;

    Stage stage = Stage::Delimiter;
    std::string held = "\r\n"; // Not yet consumed; the first delimiter need not follow a line end.
    std::size_t parts = 0;
    std::size_t field_bytes = 0; // Of all fields together.

    Disposition disposition;
    std::string content_type;
    std::string field;
    std::unique_ptr<SpoolFile> file;
    std::uint64_t size = 0;

    Pairs fields;
    std::vector<Upload> uploads;

    base::Result<bool> step(std::string_view& input);
    base::Result<bool> first_delimiter(std::string_view& input);
    base::Result<bool> after_delimiter(std::string_view& input);
    base::Result<bool> headers(std::string_view& input);
    base::Result<bool> body(std::string_view& input);
    base::Result<> header_line(std::string_view line, bool& disposed);
    base::Result<> content(std::string_view piece);
    void end_part();
};

/// Consumes from `input`; false: needs more.
base::Result<bool> MultipartReader::State::step(std::string_view& input)
{
    switch (stage) {
    case Stage::Delimiter: return first_delimiter(input);
    case Stage::AfterDelimiter: return after_delimiter(input);
    case Stage::Headers: return headers(input);
    case Stage::Body: return body(input);
    case Stage::End: break;
    }
    // An epilogue means nothing; only the line end that clients add is let through.
    if (input.find_first_not_of("\r\n") != std::string_view::npos)
        return bad("结束标记之后还有内容");
    input = {};
    return false;
}

base::Result<bool> MultipartReader::State::first_delimiter(std::string_view& input)
{
    const auto common = std::min(input.size(), delimiter.size());
    if (input.substr(0, common) != std::string_view(delimiter).substr(0, common))
        return bad("没有以分隔标记开头");
    if (common < delimiter.size())
        return false;
    input.remove_prefix(delimiter.size());
    stage = Stage::AfterDelimiter;
    return true;
}

base::Result<bool> MultipartReader::State::after_delimiter(std::string_view& input)
{
    if (input.size() < 2)
        return false;
    const auto mark = input.substr(0, 2);
    if (mark != "--" && mark != "\r\n")
        return bad("分隔标记之后不是换行");
    input.remove_prefix(2);
    stage = mark == "--" ? Stage::End : Stage::Headers;
    if (stage == Stage::Headers && ++parts > limits.parts_max)
        return bad(fmt::format("超过 {} 个部分", limits.parts_max));
    return true;
}

base::Result<bool> MultipartReader::State::headers(std::string_view& input)
{
    const auto end = input.substr(0, limits.part_header_bytes_max).find("\r\n\r\n");
    if (end == std::string_view::npos) {
        if (input.size() >= limits.part_header_bytes_max)
            return bad("部分的头过长");
        return false;
    }
    auto lines = input.substr(0, end);
    input.remove_prefix(end + 4);
    content_type.clear();
    bool disposed = false;
    while (!lines.empty()) {
        const auto line_end = std::min(lines.find("\r\n"), lines.size());
        TRY(header_line(lines.substr(0, line_end), disposed));
        lines.remove_prefix(std::min(line_end + 2, lines.size()));
    }
    if (!disposed)
        return bad("部分没有 Content-Disposition");
    size = 0;
    field.clear();
    const bool is_file = disposition.file_name && !disposition.file_name->empty();
    if (is_file && limits.file_bytes_max > 0)
        file = std::make_unique<SpoolFile>(directory);
    else if (is_file)
        return base::refuse(base::Error::Kind::Invalid, "http.file_too_large", "这里不能上传文件");
    stage = Stage::Body;
    return true;
}

base::Result<> MultipartReader::State::header_line(std::string_view line, bool& disposed)
{
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || line.find_first_of("\r\n") != line.npos
        || line.find('\0') != line.npos)
        return bad("部分的头不正确");
    const auto name = lower(line.substr(0, colon));
    const auto value = trimmed(line.substr(colon + 1));
    if (name == "content-disposition") {
        auto found = disposed ? std::nullopt : disposition_from(value);
        if (!found)
            return bad("Content-Disposition 不正确");
        disposition = std::move(*found);
        disposed = true;
    } else if (name == "content-type") {
        if (has_control(value) || !is_utf8(value))
            return bad("Content-Type 不正确");
        content_type = value;
    } else if (name == "content-transfer-encoding") {
        const auto encoding = lower(value);
        if (encoding != "binary" && encoding != "8bit" && encoding != "7bit")
            return bad("不支持的传输编码");
    }
    return {};
}

base::Result<bool> MultipartReader::State::body(std::string_view& input)
{
    const auto end = input.find(delimiter);
    if (end == std::string_view::npos) {
        // What could be the start of a delimiter waits for the next piece.
        const auto safe = input.size() < delimiter.size() ? 0 : input.size() - delimiter.size() + 1;
        TRY(content(input.substr(0, safe)));
        input.remove_prefix(safe);
        return false;
    }
    TRY(content(input.substr(0, end)));
    if (!file && !disposition.file_name && !is_utf8(field))
        return bad("文字不是 UTF-8 编码");
    input.remove_prefix(end + delimiter.size());
    end_part();
    stage = Stage::AfterDelimiter;
    return true;
}

base::Result<> MultipartReader::State::content(std::string_view piece)
{
    if (piece.empty())
        return {};
    size += piece.size();
    if (file) {
        if (size > limits.file_bytes_max)
            return base::refuse(
                base::Error::Kind::Invalid, "http.file_too_large",
                fmt::format(
                    "文件“{}”超过了 {} 字节的上限", *disposition.file_name, limits.file_bytes_max));
        file->write(piece);
        return {};
    }
    if (disposition.file_name)
        return bad("文件没有名称");
    field_bytes += piece.size();
    // One full-length field beside many short ones is a form; many long ones are an attack.
    if (size > limits.field_bytes_max || field_bytes > 2 * limits.field_bytes_max)
        return base::refuse(
            base::Error::Kind::Invalid, "http.field_too_large",
            fmt::format("“{}”超过了 {} 字节的上限", disposition.name, limits.field_bytes_max));
    if (piece.find('\0') != std::string_view::npos)
        return bad("文字含有不允许的控制字符");
    field += piece;
    return {};
}

void MultipartReader::State::end_part()
{
    if (file) {
        uploads.push_back(
            {.field = disposition.name,
             .file_name = *disposition.file_name,
             .content_type = content_type,
             .path = {},
             .size = size});
        uploads.back().path = file->keep();
        file.reset();
        return;
    }
    if (!disposition.file_name)
        fields.emplace_back(disposition.name, std::move(field));
    // A file field in which nothing was chosen comes as an empty part without a file name.
}

MultipartReader::MultipartReader(
    std::string boundary, std::string spool_directory, MultipartLimits limits)
    : state_(std::make_unique<State>())
{
    state_->delimiter = "\r\n--" + boundary;
    state_->directory = std::move(spool_directory);
    state_->limits = limits;
}

MultipartReader::~MultipartReader()
{
    for (const auto& upload : state_->uploads)
        ::unlink(upload.path.c_str());
}

base::Result<> MultipartReader::feed(std::string_view piece)
{
    state_->held += piece;
    std::string_view input = state_->held;
    while (TRY(state_->step(input))) {
    }
    state_->held.erase(0, state_->held.size() - input.size());
    return {};
}

base::Result<> MultipartReader::finish()
{
    if (state_->stage != State::Stage::End)
        return bad("表单不完整");
    return {};
}

Pairs MultipartReader::take_fields() { return std::move(state_->fields); }

std::vector<Upload> MultipartReader::take_uploads() { return std::exchange(state_->uploads, {}); }

std::optional<std::string> multipart_boundary(std::string_view content_type)
{
    const auto type_end = std::min(content_type.find(';'), content_type.size());
    if (lower(trimmed(content_type.substr(0, type_end))) != "multipart/form-data")
        return std::nullopt;
    std::optional<std::string> boundary;
    ParameterReader reader(content_type.substr(type_end));
    while (!reader.at_end()) {
        auto parameter = reader.next();
        if (!parameter || (parameter->name == "boundary" && boundary))
            return std::nullopt;
        if (parameter->name == "boundary")
            boundary = std::move(parameter->value);
    }
    // RFC 2046 §5.1.1: 1 to 70 characters.
    if (!boundary || boundary->empty() || boundary->size() > 70 || has_control(*boundary))
        return std::nullopt;
    return boundary;
}

} // namespace http
