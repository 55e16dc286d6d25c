/* SPDX-License-Identifier: MIT */
/* configuration.c - which configurations a .vcxproj declares, and which of them is meant */
#include "build/configuration.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool
node_is(const struct xml_node *node, const char *name)
{
    return !strcasecmp(node->name, name);
}

/* The configurations that a project declares, as "Release|x64". */
void
list_configurations(const char *file, struct words *list)
{
    char *error = NULL;
    struct xml_node *tree = xml_read(file, &error);
    struct xml_node *root = tree && tree->count ? tree->children[0] : NULL;

    for (size_t i = 0; root && i < root->count; i++) {
        const struct xml_node *group = root->children[i];

        for (size_t k = 0; node_is(group, "ItemGroup") && k < group->count; k++) {
            const char *include = xml_attribute(group->children[k], "Include");

            if (include && node_is(group->children[k], "ProjectConfiguration"))
                words_add(list, include);
        }
    }
    if (tree)
        xml_free(tree);
    free(error);
}

/* How well "Win8 Release|x64" answers what was asked for; 0 is not at all. */
unsigned
configuration_score(const char *name, const char *configuration, const char *platform)
{
    const char *bar = strchr(name, '|');
    size_t length = bar ? (size_t)(bar - name) : strlen(name);
    const char *wanted = configuration ? configuration : "Release";
    unsigned score = 1;

    if (length == strlen(wanted) && !strncasecmp(name, wanted, length))
        score += 8;
    else if (configuration)
        return 0;
    else if (memmem(name, length, "Release", 7))
        score += 2;
    if (bar && !strcasecmp(bar + 1, platform ? platform : "x64"))
        score += 4;
    else if (platform)
        return 0;
    return score;
}
