#pragma once

// Characters by their sound, without tones: what turns "yibao" into 医保 and 绞 into 缴.

#include <string>
#include <string_view>
#include <vector>

namespace search {

/// Syllables a character is read as; none for what is not Han.
std::vector<std::string> syllables_of(char32_t character);

/// Common characters read so; none when it is no syllable.
const std::vector<char32_t>& characters_of(std::string_view syllable);

/// The ways to cut "fangan" into syllables (fang'an, fan'gan), fewest first, a few at most; none
/// when it is no pinyin.
std::vector<std::vector<std::string>> cut_syllables(std::string_view letters);

} // namespace search
