#pragma once

// `huabiao demo`: fills an empty data directory with the demonstration government of data/demo, by
// the same verbs that people use: every item is drafted, reviewed by three people and released.

#include "base/result.h"

namespace app {

class Instance;

struct DemoCounts {
    int orgs = 0;
    int staff = 0;
    int sites = 0;
    int columns = 0;
    int items = 0;
    int publications = 0;
};

/// Refuses with app.not_empty, app.bad_demo (file, place, what is wrong).
base::Result<DemoCounts> load_demo(Instance&);

/// Is anything there already?
bool has_sites(Instance&);

/// Of every account of the demonstration; printed by `make run`, never used elsewhere.
inline constexpr const char* demo_password = "Huabiao-2019";

} // namespace app
