#pragma once

// What a document pasted from Word or WPS means, beyond its markup: runs of list paragraphs are
// lists, numbered lines are headings, blanks at the start of a paragraph are typing. Works on the
// finished tree. Not exported.

#include "text/rich_tree.h"
#include "text/sanitize.h"

namespace text::rich {

void clean_office(Tree& tree, CleaningNotes& notes);

} // namespace text::rich
