// What the demonstration publishes.

#include "app/demo_book.h"
#include "app/demo_desk.h"
#include "app/demo_text.h"
#include "db/database.h"
#include "publish/intake/recognise.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <memory>

namespace app {
namespace {

using library::ItemKind;

/// An item of a file with the file's defaults behind it.
class Entry {
public:
    Entry(YAML::Node own, YAML::Node defaults)
        : own_(std::move(own))
        , defaults_(std::move(defaults))
    {
    }

    YAML::Node at(const char* name) const
    {
        const auto own = own_[name];
        if (own)
            return own;
        return defaults_[name] ? defaults_[name] : YAML::Node(YAML::NodeType::Undefined);
    }
    std::string text(const char* name) const
    {
        const auto node = at(name);
        return node.IsDefined() && node.IsScalar() ? node.Scalar() : "";
    }
    int number(const char* name, int otherwise) const
    {
        const auto node = at(name);
        return node.IsDefined() && node.IsScalar() ? node.as<int>() : otherwise;
    }
    bool flag(const char* name, bool otherwise) const
    {
        const auto node = at(name);
        return node.IsDefined() && node.IsScalar() ? node.as<bool>() : otherwise;
    }
    std::vector<std::string> texts(const char* name) const
    {
        const auto node = at(name);
        return node.IsDefined() && node.IsSequence() ? node.as<std::vector<std::string>>()
                                                     : std::vector<std::string>{};
    }

private:
    YAML::Node own_;
    YAML::Node defaults_;
};

/// The minute of release; never in the future, so that what is fresh is public now.
base::Instant release_time(const Entry& entry, base::Instant now)
{
    const auto day = base::china_date(now - std::chrono::days(entry.number("days_ago", 0)));
    const auto written = base::to_date_text(day) + " " + entry.text("at");
    const auto at = base::instant_from(written);
    if (!at)
        throw DemoMistake("data/demo/items: " + entry.text("key") + " 的时间不对：" + written);
    return std::min(*at, now - std::chrono::minutes(5));
}

library::PolicyFacts policy_from(const YAML::Node& node, base::Date issued_on)
{
    const auto fill = [&](const char* name) { return filled(text_at(node, name), issued_on); };
    const auto validity = text_at(node, "validity");
    library::PolicyFacts policy{
        .issuing_organ = fill("issuer"),
        .document_number = fill("number"),
        .index_number = fill("index_number"),
        .subject_category = fill("subject"),
        .genre = fill("genre"),
        .issued_on = issued_on,
        .validity = library::validity_from(validity == "invalid" ? "expired" : validity)
                        .value_or(library::Validity::Valid),
        .drafting_org = fill("issuer"),
    };
    return policy;
}

library::Content content_from(
    const Entry& entry, ItemKind kind, base::Instant released_at, const DemoBook& book)
{
    auto day = base::china_date(released_at);
    const auto policy = entry.at("policy");
    if (kind == ItemKind::Policy && policy.IsDefined())
        day =
            base::china_date(book.now - std::chrono::days(number_at(policy, "issued_days_ago", 0)));
    library::Content content{
        .title = filled(entry.text("title"), day),
        .summary = filled(entry.text("summary"), day),
        .body_html = filled(entry.text("body"), day),
        .source = entry.text("source"),
        .original = entry.flag("original", true),
        .author = entry.text("author"),
        .keywords = entry.texts("keywords"),
    };
    if (content.body_html.empty())
        content.body_html = intake::body_from_text(filled(entry.text("text"), day));
    if (kind == ItemKind::Policy && policy.IsDefined())
        content.policy = policy_from(policy, day);
    if (kind == ItemKind::Interpretation) {
        const auto form = entry.text("form");
        content.interpretation.form = form == "press_conference" ? "press" : form;
        content.interpretation.provider = content.source;
    }
    const auto leader = entry.at("leader");
    if (kind == ItemKind::Leader && leader.IsDefined()) {
        content.title = text_at(leader, "name");
        content.leader = {
            text_at(leader, "post"), text_at(leader, "duties"), number_at(leader, "order", 0)};
    }
    return content;
}

void add_targets(library::Content& content, const Entry& entry, const DemoBook& book)
{
    for (const auto& key : entry.texts("columns")) {
        const auto& column = DemoBook::look_up(book.columns, key, "栏目");
        content.targets.push_back({column.site, column.id});
    }
}

/// Departments and townships without editors of their own hand their texts to the office of their
/// government, which edits and owns them.
base::OrgId editing_org(const std::string& key, const DemoBook& book)
{
    const auto edits = [&](base::OrgId org) {
        return std::find(book.editing_orgs.begin(), book.editing_orgs.end(), org)
               != book.editing_orgs.end();
    };
    auto org = DemoBook::look_up(book.orgs, key, "机构").id;
    while (org && !edits(org)) {
        const auto office =
            std::find_if(book.orgs.begin(), book.orgs.end(), [&](const auto& entry) {
                return entry.second.parent == org && entry.second.kind == org::OrgKind::Office
                       && edits(entry.second.id);
            });
        if (office != book.orgs.end())
            return office->second.id;
        const auto self = std::find_if(book.orgs.begin(), book.orgs.end(), [&](const auto& entry) {
            return entry.second.id == org;
        });
        org = self->second.parent;
    }
    if (!org)
        throw DemoMistake("data/demo: " + key + " 没有编辑，上级也没有");
    return org;
}

/// In a column that another organisation keeps: then its publisher needs the item shared.
bool stands_with_others(const DemoDesk::Work& work, const DemoBook& book)
{
    return std::any_of(
        work.content.targets.begin(), work.content.targets.end(), [&](const auto& target) {
            return std::any_of(book.columns.begin(), book.columns.end(), [&](const auto& entry) {
                return entry.second.id == target.column && entry.second.owner_org != work.org;
            });
        });
}

/// By pointer: to assign a YAML::Node overwrites what the other one stands for.
struct Dated {
    base::Instant at;
    std::shared_ptr<const Entry> entry;
};

std::vector<Dated> read_items(const DemoBook& book)
{
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator(book.folder + "/items"))
        files.push_back(file.path());
    std::sort(files.begin(), files.end());
    std::vector<Dated> all;
    for (const auto& file : files) {
        const auto root = read_list(book, "items/" + file.filename().string(), "items");
        // An absent node must not be copied: yaml-cpp throws for it.
        const auto defaults = root["defaults"] ? root["defaults"] : YAML::Node(YAML::NodeType::Map);
        for (const auto& node : root["items"]) {
            auto entry = std::make_shared<const Entry>(node, defaults);
            all.push_back({release_time(*entry, book.now), entry});
        }
    }
    return all;
}

/// Policies before what interprets them, else in the order of time.
void sort_for_release(std::vector<Dated>& all)
{
    std::stable_sort(all.begin(), all.end(), [](const Dated& a, const Dated& b) {
        const bool a_reads = a.entry->text("kind") == "interpretation";
        const bool b_reads = b.entry->text("kind") == "interpretation";
        return a_reads != b_reads ? b_reads : a.at < b.at;
    });
}

std::string read_file(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw DemoMistake(path + " 读不出来");
    return {std::istreambuf_iterator<char>(file), {}};
}

library::Content content_of(
    const intake::RecognisedDocument& document, const YAML::Node& node, const DemoBook& book)
{
    const auto or_written = [&](const std::string& recognised, const char* name) {
        return recognised.empty() || node[name] ? text_at(node, name) : recognised;
    };
    const auto& column = DemoBook::look_up(book.columns, text_at(node, "column"), "栏目");
    library::Content content{
        .title = or_written(document.title, "title"),
        .body_html = document.body_html,
        .source = or_written(document.issuing_organ, "issuer"),
        .original = false,
        .author = text_at(node, "author"),
        .targets = {{column.site, column.id}},
    };
    content.policy.issuing_organ = content.source;
    content.policy.document_number = document.document_number;
    content.policy.issued_on =
        node["issued_on"] ? base::date_from(text_at(node, "issued_on")) : document.issued_on;
    content.policy.genre = text_at(node, "genre");
    content.policy.subject_category = text_at(node, "subject");
    return content;
}

} // namespace

void load_demo_items(db::Database& database, DemoBook& book)
{
    auto all = read_items(book);
    sort_for_release(all);
    DemoDesk desk(database, book);
    for (const auto& [at, shared_entry] : all) {
        const auto& entry = *shared_entry;
        const auto key = entry.text("key");
        const auto kind = library::item_kind_from(entry.text("kind"));
        if (!kind)
            throw DemoMistake("data/demo/items: " + key + " 的 kind 不对");
        DemoDesk::Work work{
            .kind = *kind,
            .org = editing_org(entry.text("org"), book),
            .author = entry.text("author"),
            .content = content_from(entry, *kind, at, book),
            .released_at = at,
            .pinned = entry.flag("pinned", false),
        };
        add_targets(work.content, entry, book);
        work.shared = stands_with_others(work, book);
        for (const auto& policy : entry.texts("interprets"))
            work.content.interprets.push_back(DemoBook::look_up(book.items, policy, "政策文件"));
        book.items[key] = desk.publish(work, book.counts.publications);
        ++book.counts.items;
    }
}

void load_demo_documents(db::Database& database, DemoBook& book)
{
    DemoDesk desk(database, book);
    for (const auto& node : read_list(book, "documents.yaml", "documents")) {
        const auto name = text_at(node, "file");
        const auto bytes = read_file(book.folder + "/documents/" + name);
        const auto recognised = must(intake::recognise(bytes, name), name);
        const Entry entry(node, YAML::Node(YAML::NodeType::Map));
        DemoDesk::Work work{
            .kind = ItemKind::Policy,
            .org = editing_org(text_at(node, "org"), book),
            .author = text_at(node, "author"),
            .content = content_of(recognised.document, node, book),
            .released_at = release_time(entry, book.now),
        };
        const auto policy = desk.publish(work, book.counts.publications);
        ++book.counts.items;
        if (!recognised.interpretation)
            continue;
        auto reading = content_of(*recognised.interpretation, node["interpretation"], book);
        reading.policy = {};
        reading.interprets = {policy};
        reading.interpretation.provider = reading.source;
        desk.publish(
            {.kind = ItemKind::Interpretation,
             .org = work.org,
             .author = work.author,
             .content = std::move(reading),
             .released_at = work.released_at + std::chrono::minutes(10)},
            book.counts.publications);
        ++book.counts.items;
    }
}

} // namespace app
