// The one program. What it can do stands in tools/cli, one file a group of verbs.
#include "tools/cli/shell.hpp"

int main(int argc, char** argv) { return tradecase::run_command_line(argc, argv); }
