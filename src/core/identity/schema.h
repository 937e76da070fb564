#pragma once
#include "db/migrations.h"

namespace identity {
std::vector<db::Migration> migrations();
}
