#include "text/hanzi.h"

#include <gtest/gtest.h>

namespace text {

namespace {

const TraditionalConverter& converter()
{
    static const TraditionalConverter standard;
    return standard;
}

} // namespace

TEST(Hanzi, WordsDecideTheCharacter)
{
    EXPECT_EQ(
        converter().convert("干部 干燥 皇后 以后 头发 发展"), "幹部 乾燥 皇后 以後 頭髮 發展");
    EXPECT_EQ(TraditionalConverter(Traditional::Taiwan).convert("里面"), "裡面");
    EXPECT_EQ(TraditionalConverter(Traditional::HongKong).convert("里面"), "裏面");
}

TEST(Hanzi, OnlyWhatPeopleReadIsConverted)
{
    EXPECT_EQ(
        converter().convert_html(
            "<!DOCTYPE html><!-- 通知 --><a href=\"/通知?x=发\" title=\"发布\" data-x='发'>发布</a>"
            "<img alt=机关 src=发.png><script>var 发='发'</script><textarea>发</textarea>"),
        "<!DOCTYPE html><!-- 通知 --><a href=\"/通知?x=发\" title=\"發佈\" data-x='发'>發佈</a>"
        "<img alt=機關 src=发.png><script>var 发='发'</script><textarea>发</textarea>");
}

TEST(Hanzi, OtherLanguagesAndProtectedPartsStay)
{
    EXPECT_EQ(
        converter().convert_html(
            "<p lang=ja>国会<b>国</b></p><p lang=zh-CN>国</p><i translate=no>国</i>国"),
        "<p lang=ja>国会<b>国</b></p><p lang=zh-CN>國</p><i translate=no>国</i>國");
}

TEST(Hanzi, MetaContentIsConvertedWhereItIsText)
{
    EXPECT_EQ(
        converter().convert_html("<meta name=\"SiteName\" content=\"云岭市人民政府\"><meta "
                                 "name=viewport content=\"发\">"),
        "<meta name=\"SiteName\" content=\"雲嶺市人民政府\"><meta name=viewport content=\"发\">");
}

TEST(Hanzi, ReferencesAndDamageSurvive)
{
    EXPECT_EQ(converter().convert_html("&lt;发&nbsp;<br/>a"), "&lt;發&nbsp;<br/>a");
    EXPECT_EQ(
        converter().convert(std::string_view("发\0发\xFF", 8)), std::string("發\0發\uFFFD", 10));
}

} // namespace text
