#include "text/document_number.h"

#include <gtest/gtest.h>

namespace text {

TEST(DocumentNumber, EveryWayOfWritingBecomesTheOneRightWay)
{
    for (const auto* written :
         {"国办发〔2006〕104号", "国办发[2006]104号", "国办发（2006）104号", "国办发(2006)104号",
          "国办发［２００６］１０４号", "国办发【2006】104号", "国办发〔2006〕第104号",
          " 国办发 〔2006〕 104 号 ", "国办发〔2006〕0104号", "国办发﹝2006﹞104号",
          "国办发　〔２００６〕１０４号"})
        EXPECT_EQ(normalise_document_number(written), "国办发〔2006〕104号") << written;
}

TEST(DocumentNumber, NumbersOfTheSeedsAreRecognised)
{
    for (const auto* number :
         {"国办函〔2016〕108号", "国办秘函〔2019〕19号", "甘政办发〔2017〕104号",
          "宁政公开办发〔2020〕18号", "乌海政发办〔2007〕3号", "和政办发〔2020〕1号"})
        EXPECT_EQ(normalise_document_number(number), number);
}

TEST(DocumentNumber, WhatIsNoneIsRefused)
{
    for (const auto* written :
         {"", "号", "104号", "〔2006〕104号", "国办发2006104号", "国办发〔06〕104号",
          "国办发〔2006〕号", "国办发〔1006〕1号", "北京路（2019）3号", "国办发〔2006〕000号",
          "国办发〔2006〕1234567号", "国办发〔2006〕104号楼"})
        EXPECT_EQ(normalise_document_number(written), std::nullopt) << written;
}

TEST(DocumentNumber, TheLeadInOfASentenceIsNotPartOfTheOrgan)
{
    const std::string_view text =
        "根据国办发〔2017〕47号和国办函[2018]3号，按照《通知》（甘政办发〔2017〕104号）的要求";
    const auto numbers = find_document_numbers(text);
    ASSERT_EQ(numbers.size(), 3U);
    EXPECT_EQ(numbers[0].canonical(), "国办发〔2017〕47号");
    EXPECT_EQ(numbers[1].canonical(), "国办函〔2018〕3号");
    EXPECT_EQ(numbers[2].canonical(), "甘政办发〔2017〕104号");
    EXPECT_EQ(text.substr(numbers[1].offset, numbers[1].length), "国办函[2018]3号");
}

TEST(DocumentNumber, HostileTextIsHarmless)
{
    EXPECT_TRUE(find_document_numbers("\xE5\x8F\xB7\xE5\x8F").empty());
    EXPECT_TRUE(find_document_numbers(std::string(1000, '1') + "号").empty());
    std::string many;
    for (int count = 0; count < 10000; ++count)
        many += "〔2006〕1号";
    EXPECT_LE(find_document_numbers(many).size(), 10000U);
}

} // namespace text
