#pragma once

// Pinyin of Chinese text, without tones: for search by sound and by initials, for sorting and for
// file names. Words decide the reading (重庆 chong qing, 重要 zhong yao); where several remain, the
// most frequent.

#include <string>
#include <string_view>
#include <vector>

namespace text {

/// One syllable per Han character in the order of the text; runs of letters and digits stay one
/// element each, in lower case; everything else is left out.
std::vector<std::string> pinyin_syllables(std::string_view utf8);

/// "医保" → "yi bao"
std::string pinyin_of(std::string_view utf8);

/// "医保" → "yb"; letters and digits stay.
std::string pinyin_initials(std::string_view utf8);

/// The syllable as a speaker from the south may write it, so that both find each other: zh ch sh →
/// z c s, n → l at the start, ang eng ing → an en in. "zhang" → "zan". Takes one syllable or
/// several separated by blanks.
std::string fold_similar_sounds(std::string_view pinyin);

} // namespace text
