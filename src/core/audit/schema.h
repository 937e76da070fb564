#pragma once
#include "db/migrations.h"

namespace audit {
std::vector<db::Migration> migrations();
}
