#include "publish/library/api.h"

#include "publish/library/town_fixture.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>

namespace library {
namespace {

using http::Method;

class LibraryApi : public db::testing::OnEveryBackend {
protected:
    Town town{GetParam(), {}};
    db::testing::TemporaryFolder folder;
    FileStore files{folder.path() + "/files"};
    http::Routes all = routes(*town.database, files, {});
    Item item = town.draft();
    std::string id = std::to_string(item.id.value);

    std::string ask(
        const base::Actor& who, Method method, std::string_view pattern,
        http::Pairs parameters = {}, const std::string& json = "")
    {
        return Town::answer_of(
            all, method, pattern, town.request(who, std::move(parameters), json));
    }
    static std::string content_json(const std::string& title)
    {
        return fmt::format(R"({{"title":"{}","body_html":"<p>文</p>"}})", title);
    }
};

INSTANTIATE_TEST_SUITE_P(
    EveryBackend, LibraryApi, ::testing::ValuesIn(db::testing::backends()),
    db::testing::backend_name);

TEST_P(LibraryApi, ShowsAndChangesItemsWithinOnesOwnCounty)
{
    const auto save =
        fmt::format(R"({{"revision":{},"content":{}}})", item.revision, content_json("改"));
    EXPECT_EQ(ask(town.writer, Method::Get, "/api/items"), "200");
    EXPECT_EQ(ask(town.writer, Method::Get, "/api/items/{id}", {{"id", id}}), "200");
    EXPECT_EQ(ask(town.writer, Method::Put, "/api/items/{id}", {{"id", id}}, save), "200");
    EXPECT_EQ(ask(town.writer, Method::Put, "/api/items/{id}", {{"id", id}}, save), "409")
        << "with the text of the other beside it";
    EXPECT_EQ(ask(town.writer, Method::Get, "/api/items/{id}/versions", {{"id", id}}), "200");
    EXPECT_EQ(
        ask(town.writer, Method::Get, "/api/items/{id}/versions/{number}",
            {{"id", id}, {"number", "1"}}),
        "200");
    EXPECT_EQ(
        ask(town.writer, Method::Post, "/api/items/{id}/versions/{number}/restore",
            {{"id", id}, {"number", "1"}},
            fmt::format(R"({{"revision":{}}})", town.load(item.id).revision)),
        "200");
    EXPECT_EQ(
        ask(town.writer, Method::Put, "/api/items/{id}/shared", {{"id", id}}, R"({"shared":true})"),
        "200");
    EXPECT_EQ(
        ask(town.writer, Method::Post, "/api/items", {},
            fmt::format(R"({{"kind":"article","content":{}}})", content_json("新"))),
        "201");
}

TEST_P(LibraryApi, HidesItemsOfAnotherCounty)
{
    const auto& stranger = town.other_writer;
    const auto save =
        fmt::format(R"({{"revision":{},"content":{}}})", item.revision, content_json("改"));
    const std::string none = "library.item_not_found";
    EXPECT_EQ(ask(stranger, Method::Get, "/api/items/{id}", {{"id", id}}), none);
    EXPECT_EQ(ask(stranger, Method::Put, "/api/items/{id}", {{"id", id}}, save), none);
    EXPECT_EQ(ask(stranger, Method::Get, "/api/items/{id}/versions", {{"id", id}}), none);
    EXPECT_EQ(
        ask(stranger, Method::Get, "/api/items/{id}/versions/{number}",
            {{"id", id}, {"number", "1"}}),
        none);
    EXPECT_EQ(
        ask(stranger, Method::Post, "/api/items/{id}/versions/{number}/restore",
            {{"id", id}, {"number", "1"}}, R"({"revision":1})"),
        none);
    EXPECT_EQ(
        ask(stranger, Method::Put, "/api/items/{id}/shared", {{"id", id}}, R"({"shared":true})"),
        none);
    const auto create = fmt::format(
        R"({{"kind":"article","org_id":{},"content":{}}})", town.county.value, content_json("新"));
    EXPECT_EQ(ask(stranger, Method::Post, "/api/items", {}, create), "identity.forbidden");
    EXPECT_EQ(town.newest(item.id).content.title, item.title);
    // Shared, it may be read and still not be written.
    town.write([&](db::Transaction& tx) {
            return set_shared(tx, town.writer, item.id, true, town.now);
        })
        .value();
    EXPECT_EQ(ask(stranger, Method::Get, "/api/items/{id}", {{"id", id}}), "200");
    EXPECT_EQ(
        ask(stranger, Method::Put, "/api/items/{id}", {{"id", id}}, save), "identity.forbidden");
}

TEST_P(LibraryApi, RefusesWhatItCannotRead)
{
    EXPECT_EQ(ask(town.writer, Method::Get, "/api/items/{id}", {{"id", "abc"}}), "http.bad_id");
    EXPECT_EQ(ask(town.writer, Method::Get, "/api/items/{id}", {{"id", "-1"}}), "http.bad_id");
    EXPECT_EQ(
        ask(town.writer, Method::Get, "/api/items/{id}", {{"id", "999"}}),
        "library.item_not_found");
    EXPECT_EQ(ask(town.writer, Method::Post, "/api/items", {}, "{"), "http.not_json");
    EXPECT_EQ(ask(town.writer, Method::Post, "/api/items", {}, "{}"), "library.invalid");
    EXPECT_EQ(
        ask(town.writer, Method::Put, "/api/items/{id}", {{"id", id}}, "[]"), "http.not_json");
    EXPECT_EQ(
        ask(town.writer, Method::Put, "/api/items/{id}/shared", {{"id", id}}, "{}"),
        "library.invalid");
    auto odd = town.request(town.writer);
    odd.query = {{"state", "gone"}};
    EXPECT_EQ(Town::answer_of(all, Method::Get, "/api/items", odd), "library.bad_filter");
    EXPECT_EQ(Town::answer_of(all, Method::Get, "/api/submissions", odd), "library.bad_filter");
}

TEST_P(LibraryApi, TakesContributionsToTheReceiverAlone)
{
    const auto informant = town.person("informant", town.bureau, "contributor");
    EXPECT_EQ(
        ask(informant, Method::Post, "/api/items", {},
            fmt::format(R"({{"kind":"article","content":{}}})", content_json("投稿"))),
        "201");
    const auto handed = std::to_string(item.id.value + 1);
    EXPECT_EQ(ask(informant, Method::Get, "/api/items/{id}", {{"id", handed}}), "200");
    EXPECT_EQ(
        ask(town.other_writer, Method::Get, "/api/items/{id}", {{"id", handed}}),
        "library.item_not_found");
    const auto submit =
        fmt::format(R"({{"item_id":{},"to_org_id":{}}})", handed, town.other_county.value);
    EXPECT_EQ(ask(town.writer, Method::Post, "/api/submissions", {}, submit), "identity.forbidden");
    EXPECT_EQ(ask(informant, Method::Post, "/api/submissions", {}, submit), "201");
    EXPECT_EQ(ask(town.other_writer, Method::Get, "/api/items/{id}", {{"id", handed}}), "200")
        << "who is to judge it must be able to read it";
    const auto* accept = "/api/submissions/{id}/accept";
    const auto* give_back = "/api/submissions/{id}/return";
    EXPECT_EQ(
        ask(town.writer, Method::Post, accept, {{"id", "1"}}, "{}"),
        "library.submission_not_found");
    EXPECT_EQ(
        ask(town.writer, Method::Post, give_back, {{"id", "1"}}, "{}"),
        "library.submission_not_found");
    EXPECT_EQ(ask(town.other_writer, Method::Post, accept, {{"id", "1"}}, "{}"), "200");
    EXPECT_EQ(ask(informant, Method::Get, "/api/submissions"), "200");
}

TEST_P(LibraryApi, KeepsFilesAndShowsThemToStaffSandboxed)
{
    const auto path = folder.path() + "/upload";
    std::ofstream(path, std::ios::binary) << "姓名,人数\n";
    auto request = town.request(town.writer);
    EXPECT_EQ(Town::answer_of(all, Method::Post, "/api/files", request), "library.invalid");
    request.uploads = {{"file", "名单.csv", "text/html", path, 16}};
    EXPECT_EQ(Town::answer_of(all, Method::Post, "/api/files", request), "201");
    const auto supervisor = town.person("supervisor", town.county, "supervisor");
    std::ofstream(path, std::ios::binary) << "姓名,人数\n";
    request.actor = supervisor;
    EXPECT_EQ(Town::answer_of(all, Method::Post, "/api/files", request), "identity.forbidden");
    EXPECT_EQ(
        ask(town.writer, Method::Get, "/api/files/{hash}", {{"hash", std::string(64, '0')}}),
        "library.file_not_found");
    EXPECT_EQ(
        ask(town.writer, Method::Get, "/api/files/{hash}", {{"hash", "../../etc/passwd"}}),
        "library.file_not_found");
}

TEST_P(LibraryApi, CleansAndImports)
{
    EXPECT_EQ(
        ask(town.writer, Method::Post, "/api/clean", {}, R"({"html":"<p>好</p><script>x"})"),
        "200");
    EXPECT_EQ(ask(town.writer, Method::Post, "/api/clean", {}, "{}"), "library.invalid");
    const auto path = folder.path() + "/notice.txt";
    std::ofstream(path, std::ios::binary) << "关于做好防火工作的通知\n\n各乡镇：\n请做好工作。\n";
    auto request = town.request(town.writer);
    EXPECT_EQ(Town::answer_of(all, Method::Post, "/api/import", request), "library.invalid");
    request.uploads = {{"file", "通知.txt", "", path, 1}};
    EXPECT_EQ(Town::answer_of(all, Method::Post, "/api/import", request), "200");
}

} // namespace
} // namespace library
