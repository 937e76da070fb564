#include "search/terms.h"

namespace search {

Key hash_of(std::string_view text)
{
    Key hash = hash_start;
    for (std::size_t at = 0; at < text.size();)
        hash = hash_step(hash, next_character(text, at));
    return hash;
}

Key number_key(std::string_view document_number)
{
    return word_key(Field::Number, hash_of(bare(document_number)));
}

} // namespace search
