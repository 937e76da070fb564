#include "text/html_tokens.h"

#include "text/utf8.h"

#include <boost/json.hpp>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace text {

namespace {

namespace json = boost::json;

/// Writes the tokens in the form of the standard's cases, adjacent text joined.
class Recorder : public HtmlSink {
public:
    void start_tag(const HtmlTag& tag) override
    {
        json::object attributes;
        for (const auto& attribute : tag.attributes)
            attributes[attribute.name] = attribute.value;
        json::array token = {"StartTag", tag.name, attributes};
        if (tag.self_closing)
            token.emplace_back(true);
        tokens.emplace_back(token);
    }
    void end_tag(const HtmlTag& tag) override { tokens.push_back(json::array{"EndTag", tag.name}); }
    void comment(std::string_view contents, std::size_t) override
    {
        tokens.push_back(json::array{"Comment", json::string(contents)});
    }
    void text(std::string_view piece, std::size_t) override
    {
        if (!tokens.empty() && tokens.back().as_array()[0] == "Character")
            tokens.back().as_array()[1].as_string().append(piece);
        else
            tokens.push_back(json::array{"Character", json::string(piece)});
    }
    void doctype(const HtmlDoctype& doctype, std::size_t) override
    {
        const auto field = [](const std::optional<std::string>& value) {
            return value ? json::value(*value) : json::value(nullptr);
        };
        tokens.push_back(json::array{
            "DOCTYPE", field(doctype.name), field(doctype.public_id), field(doctype.system_id),
            !doctype.force_quirks});
    }

    json::array tokens;
};

/// \uXXXX written out, as in the cases marked doubleEscaped. Nullopt for a lone surrogate, which
/// UTF-8 cannot carry.
std::optional<std::string> unescape(std::string_view escaped)
{
    std::string result;
    for (std::size_t at = 0; at < escaped.size();) {
        if (escaped.substr(at, 2) != "\\u") {
            result += escaped[at++];
            continue;
        }
        const auto point = static_cast<char32_t>(
            std::strtoul(std::string(escaped.substr(at + 2, 4)).c_str(), nullptr, 16));
        if (point >= 0xD800 && point <= 0xDFFF)
            return std::nullopt;
        append_utf8(result, point);
        at += 6;
    }
    return result;
}

bool unescape_all(json::value& value)
{
    if (auto* text = value.if_string()) {
        const auto plain = unescape(*text);
        if (plain)
            *text = *plain;
        return plain.has_value();
    }
    bool possible = true;
    if (auto* list = value.if_array())
        for (auto& item : *list)
            possible = unescape_all(item) && possible;
    if (auto* object = value.if_object()) {
        json::object plain;
        for (auto& [name, item] : *object) {
            const auto key = unescape(name);
            possible = key && unescape_all(item) && possible;
            plain[key.value_or("")] = item;
        }
        *object = plain;
    }
    return possible;
}

/// The expected tokens without parse errors, adjacent text joined.
json::array expected_tokens(const json::array& output)
{
    json::array tokens;
    for (const auto& token : output) {
        if (token.is_string())
            continue;
        const auto& parts = token.as_array();
        if (parts[0] == "Character" && !tokens.empty()
            && tokens.back().as_array()[0] == "Character")
            tokens.back().as_array()[1].as_string().append(parts[1].as_string());
        else
            tokens.push_back(token);
    }
    return tokens;
}

ContentModel model_from(std::string_view state)
{
    if (state == "RCDATA state")
        return ContentModel::Rcdata;
    if (state == "RAWTEXT state")
        return ContentModel::RawText;
    if (state == "PLAINTEXT state")
        return ContentModel::PlainText;
    if (state == "Script data state")
        return ContentModel::ScriptData;
    if (state == "CDATA section state")
        return ContentModel::CdataSection;
    EXPECT_TRUE(state == "Data state" || state == "data state") << state;
    return ContentModel::Data;
}

json::array tokenise(
    std::string_view input, std::string_view state, std::string_view last, std::size_t piece)
{
    Recorder recorder;
    HtmlTokeniser tokeniser(recorder, ContentModels::Manual);
    tokeniser.set_content_model(model_from(state), last);
    for (std::size_t at = 0; at < input.size(); at += piece)
        tokeniser.feed(input.substr(at, piece));
    tokeniser.finish();
    return recorder.tokens;
}

struct Counts {
    std::size_t run = 0;
    std::size_t impossible = 0;
};

void run_case(const json::object& test, Counts& counts)
{
    auto input = test.at("input");
    json::value output = expected_tokens(test.at("output").as_array());
    if (test.contains("doubleEscaped") && !(unescape_all(input) && unescape_all(output))) {
        ++counts.impossible;
        return;
    }
    json::array states = {"Data state"};
    if (const auto* given = test.if_contains("initialStates"))
        states = given->as_array();
    const auto* last = test.if_contains("lastStartTag");
    for (const auto& state : states)
        for (const std::size_t piece : {std::size_t{1} << 20U, std::size_t{1}, std::size_t{3}}) {
            ++counts.run;
            EXPECT_EQ(
                json::serialize(tokenise(
                    input.as_string(), state.as_string(), last ? last->as_string() : "", piece)),
                json::serialize(output))
                << test.at("description") << " in " << state << ", pieces of " << piece;
        }
}

Counts run_file(const std::string& name)
{
    std::ifstream file(std::string(HUABIAO_SOURCE_DIR "/src/text/html5lib/") + name);
    const std::string contents{std::istreambuf_iterator<char>(file), {}};
    Counts counts;
    const auto document = json::parse(contents);
    for (const auto& test : document.at("tests").as_array())
        run_case(test.as_object(), counts);
    return counts;
}

class StandardCases : public testing::TestWithParam<const char*> {};

} // namespace

TEST_P(StandardCases, TokensAreTheExpectedOnes)
{
    const auto counts = run_file(GetParam());
    EXPECT_GT(counts.run, 0U);
    RecordProperty("run", static_cast<int>(counts.run));
    RecordProperty("impossible_in_utf8", static_cast<int>(counts.impossible));
}

INSTANTIATE_TEST_SUITE_P(
    Html5lib, StandardCases,
    testing::Values(
        "contentModelFlags.test", "domjs.test", "entities.test", "escapeFlag.test",
        "namedEntities.test", "numericEntities.test", "pendingSpecChanges.test", "test1.test",
        "test2.test", "test3.test", "test4.test", "unicodeChars.test",
        "unicodeCharsProblematic.test"),
    [](const auto& parameter) {
        const std::string name = parameter.param;
        return name.substr(0, name.find('.'));
    });

TEST(HtmlTokens, OffsetsPointIntoTheSource)
{
    struct Offsets : HtmlSink {
        void start_tag(const HtmlTag& tag) override
        {
            start = tag.offset;
            end = tag.end;
            attribute = tag.attributes.at(1).offset;
        }
        void comment(std::string_view, std::size_t offset) override { comment_at = offset; }
        std::size_t start = 0, end = 0, attribute = 0, comment_at = 0;
    } sink;
    const std::string_view html = "政<p class=a title='b'>x<!-- y -->";
    tokenise_html(html, sink);
    EXPECT_EQ(html.substr(sink.start, sink.end - sink.start), "<p class=a title='b'>");
    EXPECT_EQ(html.substr(sink.attribute, 5), "title");
    EXPECT_EQ(html.substr(sink.comment_at, 4), "<!--");
}

TEST(HtmlTokens, CdataIsTextOnlyWhereAllowed)
{
    for (const bool allowed : {true, false}) {
        Recorder recorder;
        HtmlTokeniser tokeniser(recorder);
        tokeniser.allow_cdata(allowed);
        tokeniser.feed("<![CDATA[a]]b]]]>c");
        tokeniser.finish();
        EXPECT_EQ(
            json::serialize(recorder.tokens),
            allowed ? R"([["Character","a]]b]c"]])"
                    : R"([["Comment","[CDATA[a]]b]]]"],["Character","c"]])");
    }
}

TEST(HtmlTokens, RawTextFollowsItsStartTag)
{
    Recorder recorder;
    tokenise_html(
        "<style><p></style ><title>&lt;</TITLE><script><!--<script></script>--></script>x",
        recorder);
    EXPECT_EQ(
        json::serialize(recorder.tokens),
        R"([["StartTag","style",{}],["Character","<p>"],["EndTag","style"],)"
        R"(["StartTag","title",{}],["Character","<"],["EndTag","title"],)"
        R"(["StartTag","script",{}],["Character","<!--<script></script>-->"],)"
        R"(["EndTag","script"],["Character","x"]])");
}

TEST(HtmlTokens, LimitsHoldWhateverTheInput)
{
    struct Sizes : HtmlSink {
        void start_tag(const HtmlTag& tag) override
        {
            attributes = tag.attributes.size();
            name = tag.name.size();
            for (const auto& attribute : tag.attributes)
                value = std::max(value, attribute.value.size());
        }
        void comment(std::string_view contents, std::size_t) override
        {
            comment_size = contents.size();
        }
        std::size_t attributes = 0, name = 0, value = 0, comment_size = 0;
    } sink;
    std::string html = "<" + std::string(5000, 'p');
    for (int count = 0; count < 1000; ++count)
        html += " a" + std::to_string(count) + "=" + std::string(100, 'v');
    html += "><!--" + std::string(5000, 'c') + "-->";
    HtmlTokeniser tokeniser(
        sink, ContentModels::Follow,
        {.name_bytes_max = 64,
         .attributes_max = 32,
         .value_bytes_max = 1000,
         .comment_bytes_max = 1000});
    tokeniser.feed(html);
    tokeniser.finish();
    EXPECT_EQ(sink.attributes, 32U);
    EXPECT_EQ(sink.name, 64U);
    EXPECT_EQ(sink.value, 100U);
    EXPECT_LE(sink.comment_size, 1000U);
}

} // namespace text
