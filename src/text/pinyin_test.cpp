#include "text/pinyin.h"

#include <gtest/gtest.h>

namespace text {

TEST(Pinyin, EveryCharacterGivesOneSyllable)
{
    EXPECT_EQ(pinyin_of("医保"), "yi bao");
    EXPECT_EQ(pinyin_of("政务公开"), "zheng wu gong kai");
    EXPECT_EQ(pinyin_of("绿化女儿"), "lv hua nv er");
}

TEST(Pinyin, TheWordDecidesTheReading)
{
    EXPECT_EQ(pinyin_of("重庆"), "chong qing");
    EXPECT_EQ(pinyin_of("重要"), "zhong yao");
    EXPECT_EQ(pinyin_of("银行"), "yin hang");
    EXPECT_EQ(pinyin_of("行政"), "xing zheng");
    EXPECT_EQ(pinyin_of("会计"), "kuai ji");
    EXPECT_EQ(pinyin_of("市长在长春"), "shi zhang zai chang chun");
}

TEST(Pinyin, LettersAndDigitsStay)
{
    EXPECT_EQ(pinyin_of("A股 12345热线。"), "a gu 12345 re xian");
    EXPECT_EQ(pinyin_initials("12345热线"), "12345rx");
    EXPECT_EQ(pinyin_initials("住房公积金"), "zfgjj");
    EXPECT_EQ(pinyin_of("国办发〔2017〕47号"), "guo ban fa 2017 47 hao");
}

TEST(Pinyin, SimilarSoundsFallTogether)
{
    EXPECT_EQ(fold_similar_sounds("zhang"), fold_similar_sounds("zan"));
    EXPECT_EQ(fold_similar_sounds("nan ning"), fold_similar_sounds("lan lin"));
    EXPECT_EQ(fold_similar_sounds("shi sheng"), "si sen");
    EXPECT_EQ(fold_similar_sounds("dong"), "dong");
    EXPECT_EQ(fold_similar_sounds(""), "");
}

} // namespace text
