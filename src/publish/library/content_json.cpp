#include "publish/library/content_json.h"

#include "base/assert.h"
#include "http/json.h"
#include "publish/library/body_files.h"

#include <cstdint>
#include <fmt/format.h>
#include <openssl/evp.h>

namespace library {
namespace {

namespace json = boost::json;

// Lengths in code points, generous for people and bounded for machines. The title's 100 is that of
// the editor (frontend.md §10); the body's is the sanitiser's cap.
struct Lengths {
    std::size_t title = 100;
    std::size_t line = 200;
    std::size_t summary = 1'000;
    std::size_t body = 4U << 20;
    std::size_t address = 1'000;
    std::size_t list = 100;
    std::size_t keywords = 30;
    std::size_t hash = 64;
    std::size_t word = 20;
};
constexpr Lengths of_clients;
constexpr int rank_max = 10'000;
// What was stored once is read for ever, also when cleaning has made it longer (&amp; for &) or the
// lengths above are another day's.
constexpr std::size_t any = SIZE_MAX;
constexpr Lengths of_store{any, any, any, any, any, any, any, any, any};

void put_date(json::object& out, std::string_view name, const std::optional<base::Date>& date)
{
    if (date)
        out[name] = base::to_date_text(*date);
}

std::optional<base::Date> find_date(http::FieldReader& read, std::string_view name)
{
    const auto text = read.find_text(name, of_clients.line);
    if (!text || text->empty())
        return std::nullopt;
    const auto date = base::date_from(*text);
    if (!date)
        read.complain(name, "日期应写成 2026-11-22 的样子，且确有这一天");
    return date;
}

std::string text_or_empty(http::FieldReader& read, std::string_view name, std::size_t length_max)
{
    return read.find_text(name, length_max).value_or("");
}

json::object to_json(const PolicyFacts& policy)
{
    json::object out{
        {"issuing_organ", policy.issuing_organ},
        {"document_number", policy.document_number},
        {"index_number", policy.index_number},
        {"subject_category", policy.subject_category},
        {"genre", policy.genre},
        {"validity", to_string(policy.validity)},
        {"drafting_org", policy.drafting_org},
    };
    put_date(out, "issued_on", policy.issued_on);
    put_date(out, "effective_on", policy.effective_on);
    put_date(out, "valid_until", policy.valid_until);
    return out;
}

void read_policy(http::FieldReader& all, PolicyFacts& policy, const Lengths& most)
{
    const auto* object = all.find_object("policy");
    if (object == nullptr)
        return;
    http::FieldReader read(*object);
    policy.issuing_organ = text_or_empty(read, "issuing_organ", most.line);
    policy.document_number = text_or_empty(read, "document_number", most.line);
    policy.index_number = text_or_empty(read, "index_number", most.line);
    policy.subject_category = text_or_empty(read, "subject_category", most.line);
    policy.genre = text_or_empty(read, "genre", most.line);
    policy.drafting_org = text_or_empty(read, "drafting_org", most.line);
    policy.issued_on = find_date(read, "issued_on");
    policy.effective_on = find_date(read, "effective_on");
    policy.valid_until = find_date(read, "valid_until");
    const auto validity = validity_from(read.find_text("validity", 20).value_or("valid"));
    if (!validity)
        read.complain("validity", "有效性应为有效、失效、废止或已修改");
    policy.validity = validity.value_or(Validity::Valid);
    if (const auto read_all = read.finish("library.invalid"); !read_all) {
        for (const auto& error : read_all.error().fields)
            all.complain("policy." + error.field, error.message);
    }
}

void read_interpretation(
    http::FieldReader& all, InterpretationFacts& interpretation, const Lengths& most)
{
    const auto* object = all.find_object("interpretation");
    if (object == nullptr)
        return;
    http::FieldReader read(*object);
    interpretation.form = read.find_text("form", most.word).value_or("text");
    interpretation.provider = text_or_empty(read, "provider", most.line);
    if (const auto read_all = read.finish("library.invalid"); !read_all)
        all.complain("interpretation", read_all.error().message);
}

void read_leader(http::FieldReader& all, LeaderFacts& leader, const Lengths& most)
{
    const auto* object = all.find_object("leader");
    if (object == nullptr)
        return;
    http::FieldReader read(*object);
    leader.post = text_or_empty(read, "post", most.line);
    leader.duties = text_or_empty(read, "duties", most.summary);
    leader.rank = static_cast<int>(read.find_integer("rank", 0, rank_max).value_or(0));
    if (const auto read_all = read.finish("library.invalid"); !read_all)
        all.complain("leader", read_all.error().message);
}

void read_attachments(http::FieldReader& read, Content& content, const Lengths& most)
{
    for (const auto& entry : read.find_array("attachments", most.list)) {
        const auto* object = entry.if_object();
        if (object == nullptr) {
            read.complain("attachments", "附件清单的格式不对");
            return;
        }
        http::FieldReader file(*object);
        Attachment attachment;
        attachment.hash = file.need_text("hash", most.hash);
        attachment.name = file.need_text("name", most.line);
        attachment.size =
            static_cast<std::uint64_t>(file.find_integer("size", 0, 1LL << 40).value_or(0));
        attachment.media_type = text_or_empty(file, "media_type", most.line);
        if (!file.finish("library.invalid"))
            read.complain("attachments", "附件清单里有一项缺少编号或名称，请重新上传");
        content.attachments.push_back(std::move(attachment));
    }
}

void read_targets(http::FieldReader& read, Content& content, const Lengths& most)
{
    for (const auto& entry : read.find_array("targets", most.list)) {
        const auto* object = entry.if_object();
        const auto* site = object == nullptr ? nullptr : object->if_contains("site_id");
        const auto* column = object == nullptr ? nullptr : object->if_contains("column_id");
        if (site == nullptr || column == nullptr || !site->is_int64() || !column->is_int64()) {
            read.complain("targets", "发布栏目的格式不对，请重新选择");
            return;
        }
        content.targets.push_back({{site->get_int64()}, {column->get_int64()}});
    }
}

void read_lists(http::FieldReader& read, Content& content, const Lengths& most)
{
    for (const auto& entry : read.find_array("keywords", most.keywords)) {
        if (entry.is_string() && entry.get_string().size() <= most.line)
            content.keywords.emplace_back(entry.get_string());
        else
            read.complain("keywords", "关键词应是不太长的文字");
    }
    for (const auto& entry : read.find_array("interprets", most.list)) {
        if (entry.is_int64())
            content.interprets.push_back({entry.get_int64()});
        else
            read.complain("interprets", "所解读的文件应从文件库中选择");
    }
    read_attachments(read, content, most);
    read_targets(read, content, most);
}

base::Result<Content> read_content(const json::object& object, const Lengths& most)
{
    http::FieldReader read(object);
    Content content;
    content.title = read.need_text("title", most.title);
    content.subtitle = text_or_empty(read, "subtitle", most.line);
    content.summary = text_or_empty(read, "summary", most.summary);
    content.body_html = text_or_empty(read, "body_html", most.body);
    content.source = text_or_empty(read, "source", most.line);
    content.source_url = text_or_empty(read, "source_url", most.address);
    content.original = read.find_flag("original").value_or(true);
    content.author = text_or_empty(read, "author", most.line);
    content.cover_hash = text_or_empty(read, "cover_hash", most.hash);
    content.cover_alt = text_or_empty(read, "cover_alt", most.line);
    read_lists(read, content, most);
    read_policy(read, content.policy, most);
    read_interpretation(read, content.interpretation, most);
    read_leader(read, content.leader, most);
    TRY(read.finish("library.invalid"));
    return content;
}

} // namespace

json::object to_json(const Content& content)
{
    json::array keywords(content.keywords.begin(), content.keywords.end());
    json::array attachments;
    for (const auto& file : content.attachments) {
        attachments.push_back(json::object{
            {"hash", file.hash},
            {"name", file.name},
            {"size", file.size},
            {"media_type", file.media_type},
        });
    }
    json::array targets;
    for (const auto& target : content.targets) {
        targets.push_back(
            json::object{{"site_id", target.site.value}, {"column_id", target.column.value}});
    }
    json::array interprets;
    for (const auto item : content.interprets)
        interprets.push_back(item.value);
    return {
        {"title", content.title},
        {"subtitle", content.subtitle},
        {"summary", content.summary},
        {"body_html", content.body_html},
        {"source", content.source},
        {"source_url", content.source_url},
        {"original", content.original},
        {"author", content.author},
        {"keywords", std::move(keywords)},
        {"cover_hash", content.cover_hash},
        {"cover_alt", content.cover_alt},
        {"attachments", std::move(attachments)},
        {"targets", std::move(targets)},
        {"interprets", std::move(interprets)},
        {"policy", to_json(content.policy)},
        {"interpretation",
         {{"form", content.interpretation.form}, {"provider", content.interpretation.provider}}},
        {"leader",
         {{"post", content.leader.post},
          {"duties", content.leader.duties},
          {"rank", content.leader.rank}}},
    };
}

json::object to_console_json(const Content& content)
{
    auto out = to_json(content);
    out["body_html"] = with_console_addresses(content.body_html);
    return out;
}

json::object to_json(const Item& item)
{
    return {
        {"id", item.id.value},
        {"kind", to_string(item.kind)},
        {"state", to_string(item.state)},
        {"org_id", item.org.value},
        {"author_id", item.author.value},
        {"author_name", item.author_name},
        {"title", item.title},
        {"newest_number", item.newest_number},
        {"shared", item.shared},
        {"origin_id", item.origin.value},
        {"created_at", base::to_iso_text(item.created_at)},
        {"updated_at", base::to_iso_text(item.updated_at)},
        {"revision", item.revision},
    };
}

base::Result<Content> content_from(const json::object& object)
{
    return read_content(object, of_clients);
}

std::string to_stored_text(const Content& content) { return json::serialize(to_json(content)); }

Content content_from_stored_text(std::string_view text)
{
    const auto value = json::parse({text.data(), text.size()});
    VERIFY(value.is_object());
    auto content = read_content(value.get_object(), of_store);
    VERIFY(content.has_value());
    return std::move(*content);
}

std::string digest_of(const Content& content)
{
    const auto text = to_stored_text(content);
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    VERIFY(EVP_Digest(text.data(), text.size(), hash, &length, EVP_sha256(), nullptr) == 1);
    std::string hex;
    for (unsigned i = 0; i < length; ++i)
        hex += fmt::format("{:02x}", hash[i]);
    return hex;
}

} // namespace library
