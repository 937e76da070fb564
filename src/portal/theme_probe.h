#pragma once

// Proves on probe data that the pages of a theme carry what every page of a government site must
// carry (国办发〔2017〕47号; … ).

#include "portal/template.h"

#include <string>
#include <vector>

namespace portal {

/// What is missing, each as a few words for the author of the theme; empty when all is there.
std::vector<std::string> probe_faults(const TemplateSet&);

} // namespace portal
