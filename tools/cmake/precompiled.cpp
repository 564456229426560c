// Gives the precompiled header a target of its own: those that use it bring more definitions than it may know.
#include "tools/cmake/precompiled.hpp"
