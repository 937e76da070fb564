#include "text/charset.h"

#include <gtest/gtest.h>

namespace text {

namespace {

// 政府信息公开，关于做好工作的通知 in GBK, and 政府資訊公開的通知 in Big5.
constexpr std::string_view GBK =
    "\xD5\xFE\xB8\xAE\xD0\xC5\xCF\xA2\xB9\xAB\xBF\xAA\xA3\xAC\xB9\xD8\xD3\xDA\xD7"
    "\xF6\xBA\xC3\xB9\xA4\xD7\xF7\xB5\xC4\xCD\xA8\xD6\xAA";
constexpr std::string_view BIG5 =
    "\xAC\x46\xA9\xB2\xB8\xEA\xB0\x54\xA4\xBD\xB6\x7D\xAA\xBA\xB3\x71\xAA\xBE";

} // namespace

TEST(Charset, GbkLabelledUtf8IsFound)
{
    const auto decoded = decode(GBK, "utf-8");
    EXPECT_EQ(decoded.text, "政府信息公开，关于做好工作的通知");
    EXPECT_EQ(decoded.used, Charset::Gb18030);
    EXPECT_TRUE(decoded.mislabelled());
    EXPECT_EQ(decoded.damaged, 0U);
}

TEST(Charset, Utf8LabelledGbkIsFound)
{
    const auto decoded = decode("政府信息公开", "gb2312");
    EXPECT_EQ(decoded.text, "政府信息公开");
    EXPECT_EQ(decoded.used, Charset::Utf8);
    EXPECT_TRUE(decoded.mislabelled());
}

TEST(Charset, Big5IsFoundWithAndWithoutItsLabel)
{
    for (const auto* label : {"", "big5", "gbk"}) {
        const auto decoded = decode(BIG5, label);
        EXPECT_EQ(decoded.text, "政府資訊公開的通知") << label;
        EXPECT_EQ(decoded.used, Charset::Big5) << label;
    }
}

TEST(Charset, AMarkDecidesAndIsTakenAway)
{
    EXPECT_EQ(decode("\xEF\xBB\xBF通知", "gbk").text, "通知");
    EXPECT_EQ(decode(std::string_view("\xFF\xFE\x1A\x90", 4)).text, "通");
    EXPECT_EQ(decode(std::string_view("\xFE\xFF\x90\x1A", 4)).text, "通");
    EXPECT_TRUE(decode("\xEF\xBB\xBFx").by_mark);
}

TEST(Charset, Utf16WithoutMarkIsFoundByItsZeros)
{
    EXPECT_EQ(decode(std::string_view("<\0p\0>\0\x1A\x90", 8)).text, "<p>通");
    EXPECT_EQ(decode(std::string_view("\0<\0p\0>\x90\x1A", 8)).text, "<p>通");
}

TEST(Charset, DamageIsCountedAndLocated)
{
    const auto decoded = decode("政务\xFF公开\xE6", "utf-8");
    EXPECT_EQ(decoded.text, "政务\uFFFD公开\uFFFD");
    EXPECT_EQ(decoded.damaged, 2U);
    EXPECT_EQ(decoded.positions, (std::vector<std::size_t>{6, 15}));
    EXPECT_FALSE(decoded.mislabelled());
}

TEST(Charset, ABrokenPairDoesNotSwallowAscii)
{
    const auto decoded = decode_as("\xD5<b>", Charset::Gb18030);
    EXPECT_EQ(decoded.text, "\uFFFD<b>");
    EXPECT_EQ(decoded.damaged, 1U);
}

TEST(Charset, AsciiIsWhatItsLabelSays)
{
    EXPECT_FALSE(decode("plain", "gbk").mislabelled());
    EXPECT_EQ(decode("plain").used, Charset::Utf8);
    EXPECT_EQ(decode("").text, "");
}

TEST(Charset, LoneSurrogatesAreDamage)
{
    const auto decoded = decode_as(
        std::string_view(
            "\x00\xD8"
            "a\0",
            4),
        Charset::Utf16Le);
    EXPECT_EQ(
        decoded.text, "\uFFFD"
                      "a");
    EXPECT_EQ(decoded.damaged, 1U);
}

TEST(Charset, LabelsAreThoseOfTheStandard)
{
    EXPECT_EQ(charset_from_label(" GB2312 "), Charset::Gb18030);
    EXPECT_EQ(charset_from_label("x-x-big5"), Charset::Big5);
    EXPECT_EQ(charset_from_label("klingon"), std::nullopt);
    EXPECT_EQ(name_of(Charset::Big5), "Big5");
}

} // namespace text
