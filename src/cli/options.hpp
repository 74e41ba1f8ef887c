#pragma once

#include "settings/options.hpp"
#include "settings/setting.hpp"

namespace pofetch::cli {

// What the whole command line speaks of.
using settings::all_commands;
using settings::all_settings;
using settings::command;
using settings::fetches;
using settings::find_setting;
using settings::options;
using settings::progress_mode;
using settings::remote_options;
using settings::setting;
using settings::setting_kind;
using settings::tells_nodes;

}  // namespace pofetch::cli
