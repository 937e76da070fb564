#include "base/log.h"
#include "db/database.h"
#include "publish/intake/recognise.h"
#include "publish/library/api_items.h"
#include "publish/library/content_json.h"
#include "publish/library/draft.h"
#include "publish/library/file_checks.h"
#include "publish/library/files.h"
#include "publish/library/refusals.h"
#include "text/sanitize.h"

#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace library {
namespace {

namespace json = http::json;
using identity::Authority;
namespace ability = identity::ability;

constexpr std::size_t upload_bytes_max = 200U << 20;
constexpr std::size_t document_bytes_max = 20U << 20;

base::Result<const http::Upload*> the_upload(const http::Request& request)
{
    if (request.uploads.size() != 1)
        return base::refuse_fields("library.invalid", {{"file", "请选择一个文件"}});
    return &request.uploads.front();
}

json::object to_json(const StoredFile& file)
{
    return {
        {"hash", file.hash},
        {"name", file.name},
        {"size", file.size},
        {"media_type", file.media_type},
        {"width", file.width},
        {"height", file.height},
        {"url", fmt::format("/api/files/{}", file.hash)},
    };
}

/// Editors and contributors write. Asked before anything is read or kept of what was sent.
base::Result<> need_writer(db::Database& database, const http::Request& request)
{
    return database.read([&](db::Transaction& tx) -> base::Result<> {
        const auto authority = Authority::load(tx, request.actor.user, request.now);
        if (authority.may(ability::library_write) || authority.may(ability::library_contribute))
            return {};
        return identity::require(authority, ability::library_write, {.org = request.actor.org});
    });
}

http::Reply upload(db::Database& database, const FileStore& files, const http::Request& request)
{
    TRY(need_writer(database, request));
    const auto* uploaded = TRY(the_upload(request));
    // Checked and kept before the transaction: an orphan file is harmless, a missing one is not.
    const auto stored = TRY(files.keep(uploaded->path, uploaded->file_name));
    return database.write([&](db::Transaction& tx) -> http::Reply {
        return http::json_response(
            to_json(TRY(record_file(tx, request.actor, stored, request.now))), 201);
    });
}

/// Before release a file is for signed-in staff only, and never runs in the console's origin.
http::Reply show(db::Database& database, const FileStore& files, const http::Request& request)
{
    const std::string hash(request.parameter("hash"));
    const auto file = database.read(
        [&](db::Transaction& tx) -> std::optional<StoredFile> { return find_file(tx, hash); });
    if (!file || !files.has(hash))
        return base::refuse(base::Error::Kind::NotFound, "library.file_not_found", "没有这个文件");
    http::Response response;
    response.file = http::FileBody{files.path_of(hash), file->size};
    response.with_header("Content-Type", file->media_type);
    response.with_header("Content-Security-Policy", "default-src 'none'; sandbox");
    response.with_header("Cache-Control", "private, max-age=3600");
    if (!is_shown_in_place(file->media_type))
        response.with_header("Content-Disposition", "attachment");
    return response;
}

json::object to_json(const text::CleaningNotes& notes)
{
    return {
        {"lists", notes.lists},
        {"headings", notes.headings},
        {"local_images", notes.local_images},
        {"remote_images", notes.remote_images},
        {"revisions", notes.revisions},
        {"elements_dropped", notes.elements_dropped},
        {"urls_refused", notes.urls_refused},
    };
}

http::Reply clean(const http::Request& request)
{
    const auto body = TRY(http::json_body(request));
    http::FieldReader read(body);
    const auto html = read.need_text("html", text::RICH_TEXT_BYTES_MAX);
    TRY(read.finish("library.invalid"));
    const auto clean = text::sanitize(html, text::Tier::Editor, text::Origin::Office);
    return http::json_response(json::object{{"html", clean.html}, {"notes", to_json(clean.notes)}});
}

Content to_content(const intake::RecognisedDocument& document)
{
    Content content;
    content.title = document.title;
    content.body_html = document.body_html;
    content.source = document.issuing_organ;
    content.policy.issuing_organ = document.issuing_organ;
    content.policy.document_number = document.document_number;
    content.policy.issued_on = document.issued_on;
    return cleaned(std::move(content));
}

http::Reply import_file(db::Database& database, const http::Request& request)
{
    TRY(need_writer(database, request));
    const auto* uploaded = TRY(the_upload(request));
    std::ifstream file(uploaded->path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto recognised = TRY(intake::recognise(bytes, uploaded->file_name));
    json::array concerns;
    for (const auto& concern : recognised.document.concerns) {
        concerns.push_back(json::object{
            {"what", to_string(concern.what)},
            {"message", concern.message},
            {"excerpt", concern.excerpt},
        });
    }
    const bool policy = !recognised.document.document_number.empty();
    json::object answer{
        {"kind", policy ? "policy" : "article"},
        {"content", library::to_json(to_content(recognised.document))},
        {"concerns", std::move(concerns)},
    };
    if (recognised.interpretation)
        answer["interpretation"] = library::to_json(to_content(*recognised.interpretation));
    return http::json_response(answer);
}

} // namespace

http::Routes file_routes(db::Database& database, const FileStore& files)
{
    using http::Method;
    return {
        {Method::Post, "/api/files", http::signed_in,
         [&database, &files](const http::Request& request) {
             return upload(database, files, request);
         },
         64U << 10, upload_bytes_max},
        {Method::Get, "/api/files/{hash}", http::needs(ability::library_read),
         [&database, &files](const http::Request& request) {
             return show(database, files, request);
         }},
        {Method::Post, "/api/clean", http::signed_in, clean, 8U << 20},
        {Method::Post, "/api/import", http::signed_in,
         [&database](const http::Request& request) { return import_file(database, request); },
         64U << 10, document_bytes_max},
    };
}

} // namespace library
