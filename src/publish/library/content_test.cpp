#include "publish/library/body_files.h"
#include "publish/library/content_json.h"
#include "publish/library/draft.h"
#include "publish/library/submission.h"

#include <algorithm>
#include <boost/json.hpp>
#include <functional>
#include <gtest/gtest.h>
#include <random>

namespace library {
namespace {

const std::string hash_a(64, 'a');

Content good_policy()
{
    Content content;
    content.title = "关于印发实施方案的通知";
    content.body_html = "<p>正文</p>";
    content.source = "云岭市人民政府";
    content.targets = {{{1}, {2}}};
    content.policy.issuing_organ = "云岭市人民政府";
    content.policy.document_number = "云政发〔2026〕12号";
    content.policy.genre = "通知";
    content.policy.issued_on = base::date_from("2026-11-01");
    return content;
}

Content good_interpretation()
{
    auto content = good_policy();
    content.policy = {};
    content.interprets = {{7}};
    content.interpretation.provider = "云岭市财政局";
    return content;
}

std::string faulty_fields(ItemKind kind, const Content& content)
{
    std::string names;
    for (const auto& fault : submission_faults(kind, content))
        names += (names.empty() ? "" : " ") + fault.field;
    return names;
}

TEST(Words, ComeBackFromTheirNames)
{
    for (const auto kind : item_kinds) {
        EXPECT_EQ(item_kind_from(to_string(kind)), kind);
        EXPECT_FALSE(to_chinese(kind).empty());
    }
    for (const auto state : item_states) {
        EXPECT_EQ(item_state_from(to_string(state)), state);
        EXPECT_FALSE(to_chinese(state).empty());
        EXPECT_EQ(may_edit(state), state != ItemState::InReview);
    }
    for (const auto validity :
         {Validity::Valid, Validity::Expired, Validity::Repealed, Validity::Amended})
        EXPECT_EQ(validity_from(to_string(validity)), validity);
    for (const auto state :
         {SubmissionState::Pending, SubmissionState::Accepted, SubmissionState::Returned})
        EXPECT_EQ(submission_state_from(to_string(state)), state);
    EXPECT_FALSE(item_kind_from("Article"));
    EXPECT_FALSE(item_state_from(""));
    EXPECT_FALSE(validity_from("有效"));
}

std::string random_text(std::mt19937& random)
{
    static const std::vector<std::string> pieces = {
        "政", "策", "a", "\"", "\\", "\n", "<p>", "&amp;", "〔2026〕", "𠮷", " ", "/", "\x7f", "é"};
    std::string text;
    for (auto left = random() % 20; left > 0; --left)
        text += pieces[random() % pieces.size()];
    return text;
}

Content random_content(std::mt19937& random)
{
    Content content;
    for (auto* text :
         {&content.title, &content.subtitle, &content.summary, &content.body_html, &content.source,
          &content.source_url, &content.author, &content.cover_hash, &content.cover_alt,
          &content.policy.issuing_organ, &content.policy.document_number,
          &content.policy.index_number, &content.policy.subject_category, &content.policy.genre,
          &content.policy.drafting_org, &content.interpretation.form,
          &content.interpretation.provider, &content.leader.post, &content.leader.duties})
        *text = random_text(random);
    content.original = random() % 2 == 0;
    for (auto left = random() % 4; left > 0; --left) {
        content.keywords.push_back(random_text(random));
        content.attachments.push_back(
            {random_text(random), random_text(random), random(), random_text(random)});
        content.targets.push_back({{static_cast<int>(random() % 100)}, {5}});
        content.interprets.push_back({static_cast<int>(random() % 100 + 1)});
    }
    if (random() % 2 == 0)
        content.policy.issued_on = base::Date(
            std::chrono::year(2026), std::chrono::month(static_cast<unsigned>(random() % 12 + 1)),
            std::chrono::day(7));
    content.policy.validity = static_cast<Validity>(random() % 4);
    content.leader.rank = static_cast<int>(random() % 100);
    return content;
}

TEST(Content, ComesBackFromTheStoreAsItWas)
{
    std::mt19937 random(20261122);
    for (int round = 0; round < 300; ++round) {
        const auto content = random_content(random);
        const auto text = to_stored_text(content);
        const auto back = content_from_stored_text(text);
        ASSERT_EQ(to_stored_text(back), text);
        ASSERT_EQ(digest_of(back), digest_of(content));
        auto other = back;
        other.title += "。";
        ASSERT_NE(digest_of(other), digest_of(content));
    }
}

TEST(Content, IsReadFromTheStoreHoweverLongCleaningMadeIt)
{
    auto content = good_policy();
    content.title = std::string(5'000, 'x');
    content.body_html = std::string(5U << 20, 'y');
    EXPECT_EQ(content_from_stored_text(to_stored_text(content)).title, content.title);
    EXPECT_FALSE(content_from(to_json(content)));
}

TEST(Content, OfAClientIsRefusedWithEveryFieldThatDoesNotFit)
{
    const auto refused = content_from(boost::json::parse(R"json({
        "title": 5, "summary": [], "keywords": [1], "attachments": [{"name": "x"}],
        "targets": [{"site_id": "1"}], "interprets": ["x"], "original": "yes",
        "policy": {"issued_on": "2026-02-30", "validity": "gone"}, "leader": {"rank": -1},
        "interpretation": {"form": 5}
    })json")
                                          .as_object());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "library.invalid");
    for (const auto* field :
         {"title", "summary", "keywords", "attachments", "targets", "interprets", "original",
          "policy.issued_on", "policy.validity", "leader", "interpretation"}) {
        const auto& fields = refused.error().fields;
        EXPECT_TRUE(std::any_of(fields.begin(), fields.end(), [&](const auto& error) {
            return error.field == field;
        })) << field;
    }
}

TEST(Faults, AreNoneInAGoodText)
{
    EXPECT_EQ(faulty_fields(ItemKind::Policy, good_policy()), "");
    EXPECT_EQ(faulty_fields(ItemKind::Article, good_policy()), "");
    EXPECT_EQ(faulty_fields(ItemKind::Interpretation, good_interpretation()), "");
    auto leader = good_policy();
    leader.leader.post = "副县长";
    leader.body_html.clear();
    leader.source.clear();
    EXPECT_EQ(faulty_fields(ItemKind::Leader, leader), "");
}

TEST(Faults, NameTheOneThingThatIsSpoilt)
{
    struct Case {
        ItemKind kind;
        std::function<void(Content&)> spoil;
        const char* field;
    };
    const std::vector<Case> cases = {
        {ItemKind::Article, [](Content& c) { c.title.clear(); }, "title"},
        {ItemKind::Article, [](Content& c) { c.body_html.clear(); }, "body_html"},
        {ItemKind::Article, [](Content& c) { c.body_html = "<p> </p><p>\u3000</p>"; }, "body_html"},
        {ItemKind::Article, [](Content& c) { c.source.clear(); }, "source"},
        {ItemKind::Article, [](Content& c) { c.targets.clear(); }, "targets"},
        {ItemKind::Article, [](Content& c) { c.cover_hash = hash_a; }, "cover_alt"},
        {ItemKind::Policy, [](Content& c) { c.policy.issuing_organ.clear(); },
         "policy.issuing_organ"},
        {ItemKind::Policy, [](Content& c) { c.policy.issued_on.reset(); }, "policy.issued_on"},
        {ItemKind::Policy, [](Content& c) { c.policy.genre.clear(); }, "policy.genre"},
        {ItemKind::Policy, [](Content& c) { c.policy.document_number = "十二号"; },
         "policy.document_number"},
        {ItemKind::Policy, [](Content& c) { c.policy.valid_until = c.policy.issued_on; },
         "policy.valid_until"},
        {ItemKind::Interpretation, [](Content& c) { c.interprets.clear(); }, "interprets"},
        {ItemKind::Interpretation, [](Content& c) { c.interpretation.form = "poem"; },
         "interpretation.form"},
        {ItemKind::Interpretation, [](Content& c) { c.interpretation.provider.clear(); },
         "interpretation.provider"},
        {ItemKind::Leader, [](Content& c) { c.leader.post.clear(); }, "leader.post"},
    };
    for (const auto& one : cases) {
        auto content = one.kind == ItemKind::Interpretation ? good_interpretation() : good_policy();
        content.leader.post = "副县长";
        one.spoil(content);
        EXPECT_EQ(faulty_fields(one.kind, content), one.field);
    }
}

TEST(Faults, OfADraftAreOnlyThatItHasNoTitle)
{
    EXPECT_TRUE(draft_faults(ItemKind::Policy, {.title = "题"}).empty());
    EXPECT_EQ(draft_faults(ItemKind::Policy, {}).front().field, "title");
}

TEST(Cleaning, LeavesNothingActiveAndNothingUntidy)
{
    auto content = good_policy();
    content.title = "  标\n题\t";
    content.body_html = "<p onclick=\"x()\">好</p><script>alert(1)</script>";
    content.source_url = "javascript:alert(1)";
    content.policy.document_number = "云政发[2026]12号";
    content.keywords = {" ", "防火"};
    const auto clean = cleaned(content);
    EXPECT_EQ(clean.title, "标 题");
    EXPECT_EQ(clean.body_html, "<p>好</p>");
    EXPECT_EQ(clean.source_url, "");
    EXPECT_EQ(clean.policy.document_number, "云政发〔2026〕12号");
    EXPECT_EQ(clean.keywords, std::vector<std::string>{"防火"});
    EXPECT_EQ(to_stored_text(cleaned(clean)), to_stored_text(clean));
}

TEST(Cleaning, KeepsPicturesUnderTheAddressOfThePublic)
{
    auto content = good_policy();
    content.body_html = "<p><img src=\"/api/files/" + hash_a + "\" alt=\"图\"></p>";
    const auto clean = cleaned(content);
    EXPECT_NE(clean.body_html.find("src=\"/files/" + hash_a + "\""), std::string::npos);
    EXPECT_EQ(list_files_in(clean.body_html), std::vector<std::string>{hash_a});
    const auto shown = with_console_addresses(clean.body_html);
    EXPECT_NE(shown.find("src=\"/api/files/" + hash_a + "\""), std::string::npos);
    EXPECT_EQ(with_stored_addresses(shown), clean.body_html);
    content.body_html = shown;
    EXPECT_EQ(cleaned(content).body_html, clean.body_html);
}

TEST(Cleaning, NeverTakesWordsForAnAddress)
{
    const auto words = "<p>写作 =\"/api/files/" + hash_a + "\" 的样子</p>";
    EXPECT_EQ(with_stored_addresses(words), words);
    EXPECT_TRUE(list_files_in("<p>=\"/files/" + hash_a + "\"</p>").empty());
    EXPECT_TRUE(list_files_in("<img src=\"/files/short\">").empty());
}

} // namespace
} // namespace library
