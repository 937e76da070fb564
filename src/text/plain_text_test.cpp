#include "text/plain_text.h"

#include <gtest/gtest.h>

namespace text {

TEST(PlainText, BlocksStandOnLinesAndCellsBetweenTabs)
{
    EXPECT_EQ(
        plain_text("<h2>一、总则</h2><p>第一段，<b>粗体</b>。<br>第二行</p>"),
        "一、总则\n第一段，粗体。\n第二行");
    EXPECT_EQ(
        plain_text(
            "<table><caption>表</caption><tr><td><p>单位</p><td>电话<tr><td>司法局<td>1</table>后"),
        "表\n单位\t电话\n司法局\t1\n后");
    EXPECT_EQ(plain_text("<ul><li>甲<li>乙</ul>"), "甲\n乙");
}

TEST(PlainText, ScriptsStylesAndCommentsAreNotText)
{
    EXPECT_EQ(
        plain_text("a<script>1<p></script><style>p{}</style><!-- x --><svg><text>y</text></svg>b"),
        "ab");
    EXPECT_EQ(plain_text("<title>t</title><template><p>x</p></template>z"), "z");
}

TEST(PlainText, BlanksAreCollapsedExceptInPre)
{
    EXPECT_EQ(plain_text("  a \n b  <p>  c  </p>"), "a b\nc");
    EXPECT_EQ(plain_text("<pre>x\ny</pre>"), "x\ny");
    EXPECT_EQ(plain_text("&lt;b&gt; &amp; 中&#x56FD;"), "<b> & 中国");
    EXPECT_EQ(plain_text(""), "");
}

TEST(PlainText, AnExcerptIsCutAtACharacter)
{
    EXPECT_EQ(excerpt("<p>政务公开</p><p>工作</p>", 20), "政务公开 工作");
    EXPECT_EQ(excerpt("<p>政务公开</p><p>工作</p>", 4), "政务公…");
    EXPECT_EQ(excerpt("<p>政务</p>", 0), "");
}

TEST(PlainText, EscapedTextIsNoMarkup)
{
    EXPECT_EQ(escape_html("<a href=\"x\">&"), "&lt;a href=\"x\"&gt;&amp;");
    EXPECT_EQ(escape_attribute("\"'`<"), "&quot;&#39;&#96;&lt;");
}

} // namespace text
