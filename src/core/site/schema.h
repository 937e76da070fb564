#pragma once
#include "db/migrations.h"

namespace site {
std::vector<db::Migration> migrations();
}
