#include "text/utf8.h"

#include <cstdint>
#include <gtest/gtest.h>

namespace text {

TEST(Utf8, TheFirstBadByteIsNamed)
{
    EXPECT_EQ(find_invalid_utf8("政务公开 ok"), std::nullopt);
    EXPECT_EQ(find_invalid_utf8("ab\xFF"), 2U);
    EXPECT_EQ(find_invalid_utf8("0123456789abcdef\xC0\x80"), 16U);
    EXPECT_EQ(find_invalid_utf8("政\xE5\x8A"), 3U);
}

TEST(Utf8, SurrogatesOverlongFormsAndTooLargeValuesAreInvalid)
{
    for (const auto* bad :
         {"\xED\xA0\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xF4\x90\x80\x80",
          "\xF8\x88\x80\x80\x80", "\x80", "\xFE"})
        EXPECT_EQ(find_invalid_utf8(bad), 0U) << bad;
}

TEST(Utf8, EveryMaximalSubpartBecomesOneReplacement)
{
    // The table of the Unicode Standard, section 3.9, "U+FFFD Substitution of Maximal Subparts".
    const std::string r(REPLACEMENT_UTF8);
    EXPECT_EQ(
        replace_invalid_utf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"),
        r + r + r + r + r + r + r + r + "A");
    EXPECT_EQ(
        replace_invalid_utf8("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"),
        r + r + r + r + r + r + r + r + "A");
    EXPECT_EQ(
        replace_invalid_utf8("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"),
        r + r + r + r + r + "A" + r + r + "B");
    EXPECT_EQ(replace_invalid_utf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), r + r + r + r + "A");
}

TEST(Utf8, EveryCodePointSurvivesTheRoundTrip)
{
    for (char32_t point = 0; point <= 0x10FFFF; ++point) {
        if (point >= 0xD800 && point <= 0xDFFF)
            continue;
        std::string bytes;
        append_utf8(bytes, point);
        const auto decoded = decode_utf8(bytes, 0);
        ASSERT_TRUE(decoded.valid && decoded.value == point && decoded.length == bytes.size())
            << std::uint32_t{point};
    }
    EXPECT_EQ(utf8_from(U"\xD800"), REPLACEMENT_UTF8);
}

TEST(Utf8, TruncationNeverCutsACharacter)
{
    EXPECT_EQ(count_code_points("a政务𠮷"), 4U);
    EXPECT_EQ(truncate_code_points("a政务𠮷", 2), "a政");
    EXPECT_EQ(truncate_code_points("政", 5), "政");
    EXPECT_EQ(truncate_bytes("政务", 5), "政");
    EXPECT_EQ(truncate_bytes("政务", 2), "");
}

TEST(Utf8, ControlsOverridesAndNonCharactersAreReplaced)
{
    const std::string r(REPLACEMENT_UTF8);
    EXPECT_EQ(normalise_controls("a\tb\r\nc\rd\n"), "a\tb\nc\nd\n");
    EXPECT_EQ(normalise_controls(std::string_view("\0\x01\x7F\xC2\x80", 5)), r + r + r + r);
    EXPECT_EQ(normalise_controls("\u202Eabc\u2066\uFDD0\U0001FFFF"), r + "abc" + r + r + r);
    EXPECT_EQ(normalise_controls("通\u200B知"), "通\u200B知");
}

TEST(Utf8, WidthAndCaseAreFolded)
{
    EXPECT_EQ(to_half_width("Ａ１（＋）　政"), "A1(+) 政");
    EXPECT_EQ(to_full_width("A1 政"), "Ａ１　政");
    EXPECT_EQ(to_lower_ascii("ABC政É"), "abc政É");
}

TEST(Utf8, NormalFormCComposes)
{
    EXPECT_EQ(to_nfc("e\u0301"), "é");
    EXPECT_EQ(to_nfc("a\xFF"), "a" + std::string(REPLACEMENT_UTF8));
}

TEST(Utf8, HanIsHan)
{
    for (const auto point : U"政㐀𠮷〇々豈")
        EXPECT_TRUE(point == 0 || is_han(point)) << std::uint32_t{point};
    for (const auto point : U"aあ，１　")
        EXPECT_FALSE(is_han(point)) << std::uint32_t{point};
}

TEST(Utf8, BlanksAtTheEndsAreTrimmed)
{
    EXPECT_EQ(trim(" \u3000\u00A0通 知\u3000\n"), "通 知");
    EXPECT_EQ(trim("　"), "");
    EXPECT_EQ(trim("\x80\x80\x80\x80\x80 "), "\x80\x80\x80\x80\x80");
}

} // namespace text
