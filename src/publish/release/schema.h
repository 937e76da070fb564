#pragma once
#include "db/migrations.h"

namespace release {
std::vector<db::Migration> migrations();
}
