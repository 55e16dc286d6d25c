/* SPDX-License-Identifier: MIT */
/*
 * vcxproj.c - the part of an MSBuild project that says how a driver is compiled
 *
 * Read in MSBuild's order: properties (with the imports that lie beside the project), then item
 * definitions, then items. What comes from the kit ($(DDK_INC_PATH), %(...) inherited from it) has
 * no meaning here and is dropped.
 */
#include "build/condition.h"
#include "build/configuration.h"
#include "build/path.h"
#include "build/project.h"
#include "build/xml.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define IMPORT_DEPTH 8

/* Metadata of one ClCompile, lists still separated by semicolons. */
enum field {
    FIELD_DEFINES,
    FIELD_INCLUDES,
    FIELD_FORCED,
    FIELD_TRACE,
    FIELD_EXCLUDED,
    FIELDS,
};

static const char *const field_names[FIELDS] = {"PreprocessorDefinitions",
    "AdditionalIncludeDirectories", "ForcedIncludeFiles", "WppTraceFunction", "ExcludedFromBuild"};

struct settings {
    char *values[FIELDS];
};

/* A project and what it imports, in the order of reading. */
struct document {
    struct xml_node *root;
    char *folder;
};

struct reader {
    struct project *project;
    char *folder; /* of the project: file names are relative to it */
    struct properties properties;
    struct settings defaults; /* from item definitions */
    struct document *documents;
    size_t count;
    struct words libraries; /* .vcxproj files of what it links with */
    char *error;            /* the first one */
};

static bool
node_is(const struct xml_node *node, const char *name)
{
    return !strcasecmp(node->name, name) ||
           (strrchr(node->name, ':') && !strcasecmp(strrchr(node->name, ':') + 1, name));
}

static bool
node_holds(const struct reader *reader, const struct xml_node *node)
{
    const char *condition = xml_attribute(node, "Condition");

    return !condition || condition_holds(&reader->properties, reader->folder, condition);
}

static char *
trim(const char *text)
{
    size_t length;

    text += strspn(text, " \t\r\n");
    length = strlen(text);
    while (length && strchr(" \t\r\n", text[length - 1]))
        length--;
    return string_format("%.*s", (int)length, text);
}

static void read_document(struct reader *reader, const char *file, unsigned depth);

static void
read_import(struct reader *reader, const struct xml_node *node, const char *folder, unsigned depth)
{
    const char *name = xml_attribute(node, "Project");
    bool unknown = false;
    char *expanded;
    char *file;

    if (!name || depth >= IMPORT_DEPTH)
        return;
    expanded = property_expand(&reader->properties, name, &unknown);
    file = unknown ? NULL : path_find(folder, expanded, NULL);
    if (file && path_is_file(file))
        read_document(reader, file, depth + 1);
    free(file);
    free(expanded);
}

static void
read_property_group(struct reader *reader, const struct xml_node *group)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct xml_node *property = group->children[i];
        char *value, *trimmed;

        if (!node_holds(reader, property))
            continue;
        value = property_expand(&reader->properties, property->text.bytes, NULL);
        trimmed = trim(value);
        property_set(&reader->properties, property->name, trimmed);
        free(trimmed);
        free(value);
    }
}

static void
read_properties(
    struct reader *reader, const struct xml_node *node, const char *folder, unsigned depth)
{
    for (size_t i = 0; i < node->count; i++) {
        const struct xml_node *child = node->children[i];

        if (!node_holds(reader, child))
            continue;
        if (node_is(child, "Import")) {
            read_import(reader, child, folder, depth);
        } else if (node_is(child, "ImportGroup")) {
            read_properties(reader, child, folder, depth);
        } else if (node_is(child, "PropertyGroup")) {
            read_property_group(reader, child);
        }
    }
}

/* An imported document goes before the one that imports it: its definitions come first. */
static void
read_document(struct reader *reader, const char *file, unsigned depth)
{
    char *error = NULL;
    char *folder;
    char *slashed;
    struct xml_node *root = xml_read(file, &error);

    if (!root) {
        if (!reader->error)
            reader->error = string_format("%s:%s", file, error);
        free(error);
        return;
    }
    folder = path_folder(file);
    slashed = string_format("%s/", folder);
    property_set(&reader->properties, "MSBuildThisFileDirectory", slashed);
    if (root->count)
        read_properties(reader, root->children[0], folder, depth);
    property_set(&reader->properties, "MSBuildThisFileDirectory", slashed);
    free(slashed);
    reader->documents =
        memory_resize(reader->documents, reader->count + 1, sizeof(*reader->documents));
    reader->documents[reader->count++] = (struct document){root, folder};
}

static void
settings_free(struct settings *settings)
{
    for (size_t i = 0; i < FIELDS; i++)
        free(settings->values[i]);
}

static struct settings
settings_copy(const struct settings *settings)
{
    struct settings copy;

    for (size_t i = 0; i < FIELDS; i++)
        copy.values[i] = settings->values[i] ? string_copy(settings->values[i]) : NULL;
    return copy;
}

/* %(Name) is the value so far; other %(...) are empty. */
static char *
inherit(const char *text, const char *name, const char *before)
{
    struct text out = {0};
    size_t length = strlen(name);

    text_add(&out, "", 0);
    while (*text) {
        const char *end = text[0] == '%' && text[1] == '(' ? strchr(text, ')') : NULL;

        if (!end) {
            text_add(&out, text++, 1);
            continue;
        }
        if ((size_t)(end - text - 2) == length && !strncasecmp(text + 2, name, length) && before)
            text_add_string(&out, before);
        text = end + 1;
    }
    return out.bytes;
}

/* Include folders and files of the kit start with a property that only the kit knows. */
static char *
expand_list(const struct reader *reader, const char *text)
{
    char *copy = string_copy(text);
    struct text out = {0};
    char *rest;

    text_add(&out, "", 0);
    for (char *part = strtok_r(copy, ";", &rest); part; part = strtok_r(NULL, ";", &rest)) {
        bool unknown = false;
        char *expanded = property_expand(&reader->properties, part, &unknown);
        char *trimmed = trim(expanded);

        if (!unknown && *trimmed)
            text_format(&out, "%s;", trimmed);
        free(trimmed);
        free(expanded);
    }
    free(copy);
    return out.bytes;
}

static void
settings_read(const struct reader *reader, const struct xml_node *node, struct settings *settings)
{
    for (size_t i = 0; i < node->count; i++) {
        const struct xml_node *child = node->children[i];

        if (!node_holds(reader, child))
            continue;
        for (size_t f = 0; f < FIELDS; f++) {
            char *inherited;

            if (!node_is(child, field_names[f]))
                continue;
            inherited = inherit(child->text.bytes, field_names[f], settings->values[f]);
            free(settings->values[f]);
            settings->values[f] = expand_list(reader, inherited);
            free(inherited);
        }
    }
}

/* Notes the projects of the libraries that a Link names, where there are any. */
static void
read_link(struct reader *reader, const struct xml_node *link)
{
    for (size_t i = 0; i < link->count; i++) {
        const struct xml_node *child = link->children[i];
        char *copy, *rest;

        if (!node_is(child, "AdditionalDependencies") || !node_holds(reader, child))
            continue;
        copy = string_copy(child->text.bytes);
        for (char *part = strtok_r(copy, ";", &rest); part; part = strtok_r(NULL, ";", &rest)) {
            bool unknown = false;
            char *expanded = property_expand(&reader->properties, part, &unknown);
            char *name = trim(expanded);
            char *project = project_of_library(reader->folder, name);

            if (project)
                words_take(&reader->libraries, project);
            free(name);
            free(expanded);
        }
        free(copy);
    }
}

static void
read_definitions(struct reader *reader, const struct xml_node *root)
{
    for (size_t i = 0; i < root->count; i++) {
        const struct xml_node *group = root->children[i];

        if (!node_is(group, "ItemDefinitionGroup") || !node_holds(reader, group))
            continue;
        for (size_t k = 0; k < group->count; k++) {
            if (!node_holds(reader, group->children[k]))
                continue;
            if (node_is(group->children[k], "ClCompile"))
                settings_read(reader, group->children[k], &reader->defaults);
            else if (node_is(group->children[k], "Link"))
                read_link(reader, group->children[k]);
        }
    }
}

static void
words_split(struct words *words, const char *list)
{
    char *copy = string_copy(list ? list : "");
    char *rest;

    for (char *part = strtok_r(copy, ";", &rest); part; part = strtok_r(NULL, ";", &rest)) {
        char *word = trim(part);

        if (*word)
            words_take(words, word);
        else
            free(word);
    }
    free(copy);
}

/* cl.exe's command line has \" where we have ". */
static void
add_defines(struct words *defines, const char *list)
{
    size_t before = defines->count;

    words_split(defines, list);
    for (size_t i = before; i < defines->count; i++) {
        char *to = defines->items[i];

        for (const char *from = to; *from; from++)
            if (from[0] != '\\' || from[1] != '"')
                *to++ = *from;
        *to = 0;
    }
}

static void
add_paths(const struct reader *reader, struct words *paths, const char *list)
{
    struct words names = {0};

    words_split(&names, list);
    for (size_t i = 0; i < names.count; i++) {
        char *found = path_find(reader->folder, names.items[i], NULL);

        if (found)
            words_take(paths, found);
        else
            words_format(&reader->project->notes, "%s: does not exist, left out", names.items[i]);
    }
    words_free(&names);
}

static bool
source_is_known(const struct project *project, const char *source)
{
    for (size_t i = 0; i < project->count; i++)
        if (!strcmp(project->units[i].source, source))
            return true;
    return false;
}

static void
add_source(struct reader *reader, const char *source, const struct settings *settings)
{
    struct unit *unit;

    if (source_is_known(reader->project, source))
        return;
    unit = project_add_unit(reader->project, source);
    if (strcasestr(property_get(&reader->properties, "Configuration"), "debug"))
        words_add(&unit->defines, "DBG=1");
    add_defines(&unit->defines, settings->values[FIELD_DEFINES]);
    add_paths(reader, &unit->includes, settings->values[FIELD_INCLUDES]);
    words_add(&unit->includes, reader->folder); /* where <> finds headers too */
    add_paths(reader, &unit->forced, settings->values[FIELD_FORCED]);
    words_split(&reader->project->trace_functions, settings->values[FIELD_TRACE]);
}

/* *.c in the last part of a name. */
static void
add_matches(struct reader *reader, const char *pattern, const struct settings *settings)
{
    char *slashes = string_copy(pattern);
    char *part;
    char *folder;
    struct words names = {0};

    for (char *at = slashes; *at; at++)
        if (*at == '\\')
            *at = '/';
    part = path_folder(slashes);
    folder = path_find(reader->folder, part, NULL);
    free(part);
    part = strrchr(slashes, '/') ? strrchr(slashes, '/') + 1 : slashes;
    if (folder)
        path_list(&names, folder);
    for (size_t i = 0; i < names.count; i++) {
        if (!fnmatch(part, names.items[i], FNM_CASEFOLD)) {
            char *source = path_join(folder, names.items[i]);

            add_source(reader, source, settings);
            free(source);
        }
    }
    words_free(&names);
    free(folder);
    free(slashes);
}

static void
read_compile_item(struct reader *reader, const struct xml_node *node, const char *include)
{
    struct settings settings = settings_copy(&reader->defaults);
    struct words names = {0};
    char *expanded = property_expand(&reader->properties, include, NULL);

    settings_read(reader, node, &settings);
    words_split(&names, expanded);
    if (settings.values[FIELD_EXCLUDED] && !strncasecmp(settings.values[FIELD_EXCLUDED], "true", 4))
        words_free(&names);
    for (size_t i = 0; i < names.count; i++) {
        char *source = path_find(reader->folder, names.items[i], NULL);

        if (source)
            add_source(reader, source, &settings);
        else if (strpbrk(names.items[i], "*?"))
            add_matches(reader, names.items[i], &settings);
        else if (!reader->error)
            reader->error = string_format("%s/%s: the project names this file, it does not exist",
                reader->folder, names.items[i]);
        free(source);
    }
    free(expanded);
    words_free(&names);
    settings_free(&settings);
}

static void
read_reference(struct reader *reader, const char *include)
{
    bool unknown = false;
    char *expanded = property_expand(&reader->properties, include, &unknown);
    char *file = path_find(reader->folder, expanded, NULL);

    if (file && path_has_extension(file, "vcxproj"))
        words_add(&reader->libraries, file);
    else
        words_format(&reader->project->notes, "%s: does not exist, left out", expanded);
    free(file);
    free(expanded);
}

static void
read_items(struct reader *reader, const struct xml_node *root)
{
    for (size_t i = 0; i < root->count; i++) {
        const struct xml_node *group = root->children[i];

        if (!node_is(group, "ItemGroup") || !node_holds(reader, group))
            continue;
        for (size_t k = 0; k < group->count; k++) {
            const char *include = xml_attribute(group->children[k], "Include");

            if (!include || !node_holds(reader, group->children[k]))
                continue;
            if (node_is(group->children[k], "ClCompile"))
                read_compile_item(reader, group->children[k], include);
            else if (node_is(group->children[k], "ProjectReference"))
                read_reference(reader, include);
        }
    }
}

static bool
choose_configuration(
    struct reader *reader, const char *file, const char *configuration, const char *platform)
{
    struct words list = {0};
    const char *best = NULL;
    unsigned best_score = 0;
    struct text names = {0};

    list_configurations(file, &list);
    for (size_t i = 0; i < list.count; i++) {
        unsigned score = configuration_score(list.items[i], configuration, platform);

        text_format(&names, "%s%s", i ? ", " : "", list.items[i]);
        if (score > best_score) {
            best_score = score;
            best = list.items[i];
        }
    }
    if (list.count && !best && !reader->error)
        reader->error = string_format(
            "%s: has no such configuration and platform; it has %s", file, names.bytes);
    if (best && strchr(best, '|')) {
        char *name = string_format("%.*s", (int)(strchr(best, '|') - best), best);

        words_format(&reader->project->notes, "%s: configuration %s", file, best);
        property_fix(&reader->properties, "Configuration", name);
        property_fix(&reader->properties, "Platform", strchr(best, '|') + 1);
        free(name);
    }
    property_fix(&reader->properties, "Configuration", configuration ? configuration : "Release");
    property_fix(&reader->properties, "Platform", platform ? platform : "x64");
    text_free(&names);
    words_free(&list);
    return !reader->error;
}

/* The nearest folder above that holds a solution; the project's own when none does. */
static char *
solution_folder(const char *folder)
{
    char *at = string_copy(folder);

    for (unsigned i = 0; i < 5; i++) {
        struct words names = {0};
        char *up;
        bool found = false;

        path_list(&names, at);
        for (size_t k = 0; k < names.count; k++)
            found |= path_has_extension(names.items[k], "sln");
        words_free(&names);
        if (found)
            return at;
        up = string_format("%s/..", at);
        free(at);
        at = up;
    }
    free(at);
    return string_copy(folder);
}

static void
set_well_known(struct reader *reader, const char *file)
{
    static const char *const folders[] = {"ProjectDir", "MSBuildProjectDirectory", NULL};
    static const char *const stems[] = {"ProjectName", "MSBuildProjectName", NULL};
    char *stem = path_stem(file);
    char *absolute = realpath(reader->folder, NULL);
    char *folder = string_format("%s/", absolute ? absolute : reader->folder);
    char *solution = solution_folder(absolute ? absolute : reader->folder);
    char *slashed = string_format("%s/", solution);

    for (const char *const *name = folders; *name; name++)
        property_set(&reader->properties, *name, folder);
    for (const char *const *name = stems; *name; name++)
        property_set(&reader->properties, *name, stem);
    property_set(&reader->properties, "SolutionDir", slashed);
    property_set(&reader->properties, "_NT_TARGET_VERSION_VISTA", "0x600");
    property_set(&reader->properties, "_NT_TARGET_VERSION_WIN7", "0x601");
    property_set(&reader->properties, "_NT_TARGET_VERSION_WIN8", "0x602");
    property_set(&reader->properties, "_NT_TARGET_VERSION_WINBLUE", "0x603");
    property_set(&reader->properties, "_NT_TARGET_VERSION_WIN10", "0xA00");
    free(slashed);
    free(solution);
    free(folder);
    free(absolute);
    free(stem);
}

static void
read_documents(struct reader *reader, const char *file)
{
    const char *name;

    set_well_known(reader, file);
    read_document(reader, file, 0);
    for (size_t i = 0; i < reader->count; i++)
        if (reader->documents[i].root->count)
            read_definitions(reader, reader->documents[i].root->children[0]);
    for (size_t i = 0; i < reader->count; i++)
        if (reader->documents[i].root->count)
            read_items(reader, reader->documents[i].root->children[0]);
    name = property_get(&reader->properties, "ConfigurationType");
    reader->project->type = name && *name ? string_copy(name) : NULL;
    name = property_get(&reader->properties, "TargetName");
    reader->project->name = name && *name ? string_copy(name) : path_stem(file);
    if (!reader->project->count && !reader->error)
        reader->error = string_format("%s: names no source file to compile", file);
}

bool
project_read_vcxproj(struct project *project, const char *file, const char *configuration,
    const char *platform, char **error)
{
    struct reader reader = {.project = project, .folder = path_folder(file)};

    if (choose_configuration(&reader, file, configuration, platform))
        read_documents(&reader, file);
    for (size_t i = 0; i < reader.libraries.count && !reader.error; i++)
        project_add_library(
            project, reader.libraries.items[i], configuration, platform, &reader.error);
    words_free(&reader.libraries);
    for (size_t i = 0; i < reader.count; i++) {
        xml_free(reader.documents[i].root);
        free(reader.documents[i].folder);
    }
    free(reader.documents);
    settings_free(&reader.defaults);
    properties_free(&reader.properties);
    free(reader.folder);
    *error = reader.error;
    return !reader.error;
}
