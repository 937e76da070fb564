#include "db/values.h"

#include "db/placeholders.h"
#include "db/statement_cache.h"

#include <gtest/gtest.h>

namespace db {
namespace {

TEST(Values, TextIsUtf8WithoutNul)
{
    for (const auto* good : {"", "a", "政务", "\xF0\x9F\x98\x80", "\xEF\xBF\xBF"})
        EXPECT_NO_THROW(require_storable({std::string(good)})) << good;
    for (const auto* bad :
         {"\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE6\x94",
          "\xFF", "a\xC3"})
        EXPECT_THROW(require_storable({std::string(bad)}), Failure) << bad;
    EXPECT_THROW(require_storable({std::string("a\0", 2)}), Failure);
    EXPECT_NO_THROW(require_storable({Blob{std::string("\0\xff", 2)}}));
}

TEST(Values, AnExcerptIsCutBetweenCharacters)
{
    EXPECT_EQ(storable_excerpt("政务公开", 7), "政务");
    EXPECT_EQ(
        storable_excerpt(
            "a\xFF"
            "b",
            10),
        "a?b");
}

TEST(Values, AnUnknownWordInBracesThrows)
{
    EXPECT_EQ(with_types("a {{id}}, b {{blob}}", "ID", "BYTES"), "a ID, b BYTES");
    EXPECT_THROW(with_types("a {{uuid}}", "ID", "BYTES"), Failure);
    EXPECT_THROW(for_dialect("{{sqlite}} x", "sqlite"), Failure);
}

TEST(Placeholders, AreNumberedOutsideQuotesAndComments)
{
    const std::vector<Value> two = {to_value(1), to_value("x")};
    EXPECT_EQ(with_numbered_parameters("a = ? AND b = ?", two), "a = $1 AND b = $2");
    EXPECT_EQ(
        with_numbered_parameters("'?''?' \"?\" -- ?\n ? /* ? /* ? */ ? */ ?", two),
        "'?''?' \"?\" -- ?\n $1 /* ? /* ? */ ? */ $2");
}

TEST(Placeholders, WriteNullAsAWord)
{
    EXPECT_EQ(
        with_numbered_parameters("? IS NULL OR a = ? OR b = ?", {nullptr, nullptr, to_value(1)}),
        "NULL IS NULL OR a = NULL OR b = $1");
}

TEST(Placeholders, MustBeAsManyAsTheArguments)
{
    EXPECT_THROW(with_numbered_parameters("a = ?", {}), Failure);
    EXPECT_THROW(with_numbered_parameters("a = 1", {to_value(1)}), Failure);
    EXPECT_THROW(with_numbered_parameters("a = '?", {to_value(1)}), Failure);
}

TEST(StatementCache, ForgetsTheLongestUnused)
{
    StatementCache<int> cache(2);
    cache.insert("a", 1);
    cache.insert("b", 2);
    ASSERT_TRUE(cache.find("a"));
    cache.insert("c", 3);
    EXPECT_FALSE(cache.find("b"));
    ASSERT_TRUE(cache.find("a"));
    EXPECT_EQ(*cache.find("a"), 1);
    EXPECT_EQ(*cache.find("c"), 3);
    EXPECT_EQ(cache.size(), 2U);
}

} // namespace
} // namespace db
