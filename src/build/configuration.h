/* SPDX-License-Identifier: MIT */
/* configuration.h - which configurations a .vcxproj declares, and which of them is meant */
#ifndef BUILD_CONFIGURATION_H
#define BUILD_CONFIGURATION_H

#include "build/text.h"
#include "build/xml.h"

/* The configurations that a project declares, as "Release|x64". */
void list_configurations(const char *file, struct words *list);
/* How well "Win8 Release|x64" answers what was asked for; 0 is not at all. */
unsigned configuration_score(const char *name, const char *configuration, const char *platform);

#endif
