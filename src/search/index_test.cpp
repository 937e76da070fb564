#include "search/index.h"

#include "base/random.h"
#include "search/glyphs.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace search {
namespace {

using std::chrono::year;

class TemporaryDirectory {
public:
    TemporaryDirectory()
        : path_(std::filesystem::temp_directory_path() / ("search-" + base::random_code(12)))
    {
    }
    ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

Document document(std::int64_t id, const std::string& title, const std::string& text)
{
    Document made;
    made.id = id;
    made.site = 1 + id % 3;
    made.column = 10 + id % 4;
    made.type = id % 2 == 0 ? "news" : "notice";
    made.org = 100 + id % 5;
    made.year = 2020 + static_cast<int>(id % 6);
    made.published_at = base::china_midnight(base::Date(year(made.year) / 3 / 1));
    made.url = "/" + std::to_string(id) + ".html";
    made.title = title;
    made.text = text;
    return made;
}

enum Known : std::int64_t {
    Payment = 1,
    PaymentGuide,
    Budget,
    Plan,
    Vaccine,
    Weather,
    Housing,
    Letters,
    Digital,
    School,
    Appendix,
    Interpretation,
    Taxes,
    Mourning,
};

std::vector<Document> good_documents()
{
    std::vector<Document> documents = {
        document(Payment, "医保缴费", "城乡居民基本医疗保险每年九月开始集中缴费。"),
        document(
            PaymentGuide, "关于做好2026年度城乡居民医保缴费工作的通知",
            "各县区人民政府：现将医保缴费有关事项通知如下。一、缴费对象。二、缴费标准。医保缴费截止"
            "十二月底。"),
        document(
            Budget, "云岭市2026年财政预算公开",
            "一般公共预算收入120亿元，比上年增长3.5%。GDP增长5%。"),
        document(
            Plan, "云岭市人民政府关于印发十五五规划纲要的通知",
            "为全面贯彻落实党的精神，加快建设营商环境，制定本规划。市人民政府办公室负责解释。"),
        document(Vaccine, "新冠疫苗接种须知", "COVID-19疫苗接种点设在各社区卫生服务中心。"),
        document(Weather, "气象灾害应急预案", "暴雨红色预警信号发布后，学校停课。"),
        document(
            Housing, "住房公积金提取办事指南",
            "提取公积金需要身份证、购房合同。办理时限三个工作日。"),
        document(Letters, "市长信箱来信选登", "市民反映小区停车难，已转市住建局办理。"),
        document(Digital, "数字政府建设工作要点", "推进政务数据共享，一网通办。营商环境持续优化。"),
        document(School, "义务教育阶段学校招生公告", "小学一年级新生报名时间为六月一日。"),
        document(
            Appendix, "转发省政府文件",
            "根据《云岭市人民政府关于印发十五五规划纲要的通知》（云政发〔2026〕3号）要求，请遵照执"
            "行。"),
        document(
            Interpretation, "《城乡居民医保缴费办法》解读",
            "问：为什么要缴费？答：医疗保险是社会保险。"),
        document(Taxes, "减税降费政策清单", "小微企业减免增值税。税收优惠延续到年底。"),
        document(
            Mourning, "清明节文明祭扫倡议书",
            "<script>alert(1)</script> 倡导鲜花祭扫 & 网络祭扫。"),
    };
    documents[Plan - 1].document_number = "云政发〔2026〕3号";
    return documents;
}

class Searching : public testing::Test {
protected:
    Searching()
    {
        index = Index::open(directory.path());
        index->put(good_documents());
        index->commit(14);
    }

    Results find(Query query) const
    {
        const auto results = index->search(query);
        EXPECT_TRUE(results.has_value());
        return results.value_or(Results{});
    }
    Results find(const std::string& text) const { return find(Query{.text = text}); }

    static std::vector<std::int64_t> ids(const Results& results)
    {
        std::vector<std::int64_t> found;
        for (const auto& hit : results.hits)
            found.push_back(hit.id);
        return found;
    }
    static bool has(const Results& results, std::int64_t id)
    {
        const auto found = ids(results);
        return std::find(found.begin(), found.end(), id) != found.end();
    }
    static std::string marked(const Marked& text)
    {
        std::string joined;
        for (const auto& mark : text.marks)
            joined += "[" + text.text.substr(mark.begin, mark.end - mark.begin) + "]";
        return joined;
    }

    TemporaryDirectory directory;
    std::unique_ptr<Index> index;
};

TEST_F(Searching, FindsWhatHasAllWords)
{
    const auto results = find("营商环境");
    EXPECT_EQ(results.matching, Matching::AllWords);
    EXPECT_EQ(results.total, 2U);
    EXPECT_TRUE(has(results, Plan));
    EXPECT_TRUE(has(results, Digital));
}

TEST_F(Searching, AnExactTitleComesFirst)
{
    EXPECT_EQ(ids(find("医保缴费")).front(), Payment);
    EXPECT_EQ(ids(find(" 医保 缴费 ")).front(), Payment);
    for (const auto& one : good_documents())
        EXPECT_EQ(ids(find(one.title)).front(), one.id) << one.title;
}

TEST_F(Searching, ADocumentNumberFindsItsDocumentInAnyBrackets)
{
    for (const auto* number :
         {"云政发〔2026〕3号", "云政发[2026]3号", "云政发（2026）3号", "云政发【2026】3号",
          "云政发 2026 3号", "云政发［２０２６］３号"}) {
        const auto found = ids(find(number));
        ASSERT_FALSE(found.empty()) << number;
        EXPECT_EQ(found.front(), Plan) << number;
        EXPECT_EQ(found.size(), 2U) << number; // And what quotes it.
    }
}

TEST_F(Searching, ASpaceMeansAnd)
{
    EXPECT_EQ(ids(find("疫苗 社区")), std::vector<std::int64_t>{Vaccine});
}

TEST_F(Searching, WordsNeedNotStandTogether)
{
    EXPECT_EQ(ids(find("公积金办理时限")), std::vector<std::int64_t>{Housing});
}

TEST_F(Searching, WhenNothingHasAllWordsSomeAreEnoughAndItSaysSo)
{
    const auto results = find("疫苗 公积金");
    EXPECT_EQ(results.matching, Matching::SomeWords);
    EXPECT_EQ(results.total, 2U);
}

TEST_F(Searching, QuotesAskForWordsInARow)
{
    EXPECT_EQ(ids(find("\"居民医保缴费办法\"")), std::vector<std::int64_t>{Interpretation});
    EXPECT_EQ(find("“居民医保缴费”").total, 2U);
}

TEST_F(Searching, AHomophoneIsCorrected)
{
    const auto results = find("医保绞费");
    EXPECT_EQ(results.matching, Matching::Corrected);
    EXPECT_EQ(results.correction, "医保缴费");
    EXPECT_TRUE(has(results, Payment));
}

TEST_F(Searching, SeveralHomophonesAreCorrected)
{
    EXPECT_EQ(find("营伤环竟").correction, "营商环境");
}

TEST_F(Searching, OneWrongCharacterOfAnotherSoundIsCorrected)
{
    EXPECT_TRUE(has(find("公积全提取"), Housing));
    EXPECT_TRUE(has(find("营商坏境"), Digital));
}

TEST_F(Searching, PinyinFinds)
{
    EXPECT_EQ(find("yibao jiaofei").correction, "医保缴费");
    EXPECT_TRUE(has(find("yibaojiaofei"), Payment));
    EXPECT_TRUE(has(find("gongjijin"), Housing));
}

TEST_F(Searching, CharactersWithTwoReadingsAreFoundByBoth)
{
    EXPECT_TRUE(has(find("shizhang xinxiang"), Letters));
    EXPECT_EQ(find("qingmingjie wenming").correction, "清明节文明");
}

TEST_F(Searching, TraditionalCharactersAreTheSimplifiedOnes)
{
    EXPECT_EQ(ids(find("醫保繳費")).front(), Payment);
    EXPECT_TRUE(has(find("營商環境"), Digital));
}

TEST_F(Searching, EnglishAndNumbersAreWords)
{
    EXPECT_EQ(ids(find("covid")), std::vector<std::int64_t>{Vaccine});
    EXPECT_EQ(ids(find("GDP")), std::vector<std::int64_t>{Budget});
    EXPECT_EQ(ids(find("ｇｄｐ增长")), std::vector<std::int64_t>{Budget});
}

TEST_F(Searching, OneCharacterFindsWhatHasItTitlesFirst)
{
    const auto results = find("税");
    ASSERT_FALSE(results.hits.empty());
    EXPECT_EQ(results.hits.front().id, Taxes);
    EXPECT_EQ(marked(results.hits.front().title), "[税]");
}

TEST_F(Searching, TitlesOnlyLooksAtTitlesOnly)
{
    EXPECT_EQ(find(Query{.text = "营商环境", .scope = Scope::TitleOnly}).total, 0U);
    EXPECT_EQ(
        ids(find(Query{.text = "公积金", .scope = Scope::TitleOnly})),
        std::vector<std::int64_t>{Housing});
}

TEST_F(Searching, NothingAskedGivesEverythingNewestFirst)
{
    const auto results = find("");
    EXPECT_EQ(results.matching, Matching::Everything);
    EXPECT_EQ(results.total, 14U);
    for (std::size_t i = 1; i < results.hits.size(); ++i)
        EXPECT_GE(results.hits[i - 1].published_at, results.hits[i].published_at);
}

TEST_F(Searching, AFilterThatLeavesNothingSaysThatThereIsMoreElsewhere)
{
    const auto results = find(Query{.text = "公积金", .years = {1999}});
    EXPECT_EQ(results.total, 0U);
    EXPECT_TRUE(results.found_elsewhere);
}

TEST_F(Searching, NewerOfEqualsComesFirst)
{
    auto old_one = document(50, "老旧小区改造进展", "改造");
    auto new_one = document(51, "老旧小区改造进展（二）", "改造");
    old_one.published_at = base::china_midnight(base::Date(year(2011) / 1 / 1));
    new_one.published_at = base::china_midnight(base::Date(year(2026) / 1 / 1));
    index->put(std::vector{new_one, old_one});
    index->commit(15);
    EXPECT_EQ(ids(find("小区改造进展")).front(), 51);
}

TEST_F(Searching, MarksAreOnCharacterBordersAndShowTheWords)
{
    const auto results = find("医保缴费");
    for (const auto& hit : results.hits) {
        EXPECT_FALSE(marked(hit.title).empty() && marked(hit.snippet).empty());
        for (const auto* text : {&hit.title, &hit.snippet}) {
            std::size_t before = 0;
            for (const auto& mark : text->marks) {
                EXPECT_LE(before, mark.begin);
                EXPECT_LT(mark.begin, mark.end);
                ASSERT_LE(mark.end, text->text.size());
                EXPECT_NE(static_cast<unsigned char>(text->text[mark.begin]) & 0xc0, 0x80);
                before = mark.end;
            }
        }
    }
    EXPECT_EQ(marked(results.hits.front().title), "[医保缴费]");
}

TEST_F(Searching, TheSnippetIsTheBestWindowAndPlainText)
{
    std::string text;
    for (int i = 0; i < 200; ++i)
        text += "其他内容与此无关。";
    index->put(std::vector{document(60, "长文", text + "这里说明廉租房申请条件。" + text)});
    index->commit(15);
    const auto results = find("廉租房申请");
    ASSERT_EQ(results.hits.size(), 1U);
    EXPECT_EQ(marked(results.hits[0].snippet), "[廉租房申请]");
    std::size_t characters = 0;
    const auto& snippet = results.hits[0].snippet.text;
    for (std::size_t at = 0; at < snippet.size(); ++characters)
        next_character(snippet, at);
    EXPECT_LE(characters, snippet_length_max);
    EXPECT_EQ(find("祭扫").hits.front().snippet.text.substr(0, 8), "<script>");
}

TEST_F(Searching, RemovedDocumentsAreGone)
{
    index->remove(std::vector<std::int64_t>{Housing, 999});
    EXPECT_EQ(find("公积金提取").total, 1U); // Not yet committed.
    index->commit(15);
    EXPECT_FALSE(has(find("公积金提取"), Housing));
    EXPECT_EQ(index->count(), 13U);
}

TEST_F(Searching, PuttingAgainReplaces)
{
    index->put(
        std::vector{document(Housing, "旧题", "旧文"), document(Housing, "新题目", "新的内容")});
    index->commit(15);
    EXPECT_EQ(index->count(), 14U);
    EXPECT_TRUE(has(find("新题目"), Housing));
    EXPECT_FALSE(has(find("公积金提取"), Housing));
    index->remove(std::vector<std::int64_t>{Housing});
    index->commit(16);
    EXPECT_EQ(index->count(), 13U);
}

TEST_F(Searching, ClearingShowsNothingUntilTheCommit)
{
    index->clear();
    EXPECT_EQ(index->count(), 14U);
    index->put(std::vector{document(1, "重建", "重建索引")});
    index->commit(99);
    EXPECT_EQ(index->count(), 1U);
    EXPECT_EQ(index->cursor(), 99);
}

TEST_F(Searching, SuggestsTitlesForHanAndPinyin)
{
    const auto titles = index->suggest("医保缴");
    ASSERT_FALSE(titles.empty());
    EXPECT_EQ(titles.front(), "医保缴费");
    EXPECT_FALSE(index->suggest("gongjijin").empty());
    EXPECT_TRUE(index->suggest("").empty());
}

TEST_F(Searching, HostileQueriesAreAnsweredOrRefused)
{
    std::string long_query;
    for (int i = 0; i < 300; ++i)
        long_query += "长";
    for (const auto& text : {long_query, std::string(10'000, '"')}) {
        const auto results = index->search({.text = text});
        ASSERT_FALSE(results.has_value());
        EXPECT_EQ(results.error().code, "search.query_too_long");
    }
    std::string all_bytes;
    for (int byte = 0; byte < 256; ++byte)
        all_bytes += static_cast<char>(byte);
    for (const auto& text :
         {std::string(256, '"'), std::string("\0\x01\x02\x7f", 4),
          std::string("\xff\xfe\xc0\x80医保"), all_bytes, std::string("\"医保"),
          std::string("AND OR NOT (((( * ? ~ ^ : title:x")})
        EXPECT_TRUE(index->search({.text = text}).has_value());
    EXPECT_EQ(find("\xff医保缴费\xfe").hits.front().id, Payment);
}

TEST_F(Searching, PagesBeyondTheLimitAreRefused)
{
    for (const auto& query :
         {Query{.text = "医保", .offset = 1001}, Query{.text = "医保", .offset = -1},
          Query{.text = "医保", .limit = 101}, Query{.text = "医保", .limit = -1}}) {
        const auto results = index->search(query);
        ASSERT_FALSE(results.has_value());
        EXPECT_EQ(results.error().code, "search.page_out_of_range");
    }
}

TEST_F(Searching, PagesFollowEachOther)
{
    std::vector<std::int64_t> paged;
    for (int offset = 0; offset < 14; offset += 5) {
        const auto part = ids(find(Query{.text = "", .offset = offset, .limit = 5}));
        paged.insert(paged.end(), part.begin(), part.end());
    }
    EXPECT_EQ(paged, ids(find("")));
}

TEST(Counting, EqualsABruteForceCountUnderFiltersReplacementAndRemoval)
{
    const TemporaryDirectory directory;
    const auto index = Index::open(directory.path());
    std::mt19937 random(7);
    const std::vector<std::string> words = {"医保", "预算", "疫苗", "规划", "学校", "停车", "降费"};
    std::map<std::int64_t, Document> world;
    for (int round = 0; round < 40; ++round) {
        std::vector<Document> batch;
        for (int i = 0; i < 30; ++i) {
            const auto id = static_cast<std::int64_t>(random() % 500);
            std::string text;
            for (int word = 0; word < 3; ++word)
                text += words[random() % words.size()] + "。";
            batch.push_back(document(id, "第" + std::to_string(id) + "件", text));
            world[id] = batch.back();
        }
        index->put(batch);
        const std::vector<std::int64_t> gone = {static_cast<std::int64_t>(random() % 500)};
        index->remove(gone);
        world.erase(gone[0]);
        index->commit(round);
        if (round == 25)
            index->settle();

        Query query{.text = words[random() % words.size()]};
        if (round % 2 == 0)
            query.sites = {1, 3};
        if (round % 3 == 0)
            query.years = {2021, 2022};
        const auto results = *index->search(query);
        std::size_t total = 0;
        std::map<std::string, std::size_t> sites;
        std::map<std::string, std::size_t> types;
        for (const auto& [id, one] : world) {
            const bool passes = one.text.find(query.text) != std::string::npos
                                && (query.sites.empty() || one.site != 2)
                                && (query.years.empty() || one.year == 2021 || one.year == 2022);
            total += passes ? 1 : 0;
            if (passes) {
                ++sites[std::to_string(one.site)];
                ++types[one.type];
            }
        }
        ASSERT_EQ(results.total, total);
        ASSERT_EQ(index->count(), world.size());
        for (const auto& facet : results.facets.sites)
            EXPECT_EQ(facet.count, sites[facet.value]);
        EXPECT_EQ(results.facets.sites.size(), sites.size());
        for (const auto& facet : results.facets.types)
            EXPECT_EQ(facet.count, types[facet.value]);
    }
}

TEST(Opening, KeepsWhatWasCommittedAndForgetsTheRest)
{
    const TemporaryDirectory directory;
    {
        const auto index = Index::open(directory.path());
        index->put(good_documents());
        index->commit(7);
        index->put(std::vector{document(99, "没有提交", "没有提交")});
    }
    const auto index = Index::open(directory.path());
    EXPECT_EQ(index->cursor(), 7);
    EXPECT_EQ(index->count(), 14U);
    EXPECT_EQ(index->search({.text = "公积金"})->total, 1U);
}

TEST(Opening, RefusesASecondProcessAndADamagedIndex)
{
    const TemporaryDirectory directory;
    {
        const auto index = Index::open(directory.path());
        EXPECT_THROW(Index::open(directory.path()), std::runtime_error);
        index->put(good_documents());
        index->commit(1);
    }
    for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
        if (entry.path().extension() == ".segment")
            std::filesystem::resize_file(entry.path(), entry.file_size() - 9);
    }
    EXPECT_THROW(Index::open(directory.path()), std::runtime_error);
}

/// Writes for ever: after commit n the index holds the documents 1…n*20 and the cursor n*20.
[[noreturn]] void write_until_killed(const std::filesystem::path& directory)
{
    const auto index = Index::open(directory);
    for (std::int64_t next = index->cursor() + 1;;) {
        std::vector<Document> batch;
        for (int i = 0; i < 20; ++i, ++next)
            batch.push_back(document(next, "第" + std::to_string(next) + "件", "医保缴费"));
        index->put(batch);
        index->commit(next - 1);
    }
}

TEST(Killing, LeavesAnIndexThatOpensWithACursorThatIsTrue)
{
    const TemporaryDirectory directory;
    std::mt19937 random(11);
    std::int64_t before = 0;
    for (int round = 0; round < 15; ++round) {
        const auto child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0)
            write_until_killed(directory.path());
        std::this_thread::sleep_for(std::chrono::milliseconds(20 + random() % 150));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        const auto index = Index::open(directory.path());
        EXPECT_GE(index->cursor(), before);
        before = index->cursor();
        EXPECT_EQ(static_cast<std::int64_t>(index->count()), before);
        EXPECT_EQ(static_cast<std::int64_t>(index->search({.text = "医保缴费"})->total), before);
    }
    EXPECT_GT(before, 0);
}

TEST(Reading, GoesOnWhileTheWriterCommitsAndSeesWholeCommits)
{
    const TemporaryDirectory directory;
    const auto index = Index::open(directory.path());
    std::atomic<bool> done = false;
    std::atomic<int> searches = 0;
    std::thread reader([&] {
        while (!done) {
            const auto results = index->search({.text = "医保"});
            ASSERT_TRUE(results.has_value());
            EXPECT_EQ(results->total % 10, 0U);
            ++searches;
        }
    });
    for (std::int64_t commit = 0; commit < 60; ++commit) {
        std::vector<Document> batch;
        for (std::int64_t i = 1; i <= 10; ++i)
            batch.push_back(document(commit * 10 + i, "医保", "医保缴费"));
        index->put(batch);
        index->commit(commit);
        EXPECT_EQ(
            index->search({.text = "医保"})->total, static_cast<std::size_t>(commit + 1) * 10);
    }
    done = true;
    reader.join();
    EXPECT_GT(searches, 0);
}

} // namespace
} // namespace search
