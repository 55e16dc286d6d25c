/* SPDX-License-Identifier: MIT */
/* overlay.c - a folder of headers that a driver's #include lines need on Linux */
#include "build/overlay.h"

#include "build/path.h"
#include "build/unicode.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char trace_prologue[] =
    "/* The trace preprocessor's part: tracing does nothing. */\n"
    "#undef WPP_INIT_TRACING\n#define WPP_INIT_TRACING(...) ((void)0)\n"
    "#undef WPP_CLEANUP\n#define WPP_CLEANUP(...) ((void)0)\n"
    "#undef WPP_SYSTEMCONTROL\n#define WPP_SYSTEMCONTROL(...) ((void)0)\n"
    "#undef WPP_SYSTEMCONTROL2\n#define WPP_SYSTEMCONTROL2(...) ((void)0)\n"
    "#undef WPP_LEVEL_ENABLED\n#define WPP_LEVEL_ENABLED(...) 0\n"
    "#undef WPP_FLAG_ENABLED\n#define WPP_FLAG_ENABLED(...) 0\n"
    "#undef WPP_FLAG_LEVEL_ENABLED\n#define WPP_FLAG_LEVEL_ENABLED(...) 0\n"
    "#undef WPP_LEVEL_FLAGS_ENABLED\n#define WPP_LEVEL_FLAGS_ENABLED(...) 0\n"
    "#undef WPP_CONTROL\n#define WPP_CONTROL(...) 0\n";

void
overlay_open(struct overlay *overlay, const char *workspace, const struct toolchain *toolchain)
{
    /* Deep, so that names with ../ stay inside the workspace. */
    *overlay = (struct overlay){
        .root = string_format("%s/overlay/1/2/3/4/5/6", workspace),
        .toolchain = toolchain,
    };
    path_make_folders(overlay->root);
    words_add(&overlay->trace_functions, "DoTraceMessage");
}

void
overlay_add_trace_function(struct overlay *overlay, const char *declaration)
{
    const char *end = declaration;
    char *name;

    while (isalnum((unsigned char)*end) || *end == '_')
        end++;
    name = string_format("%.*s", (int)(end - declaration), declaration);
    if (*name && !words_have(&overlay->trace_functions, name))
        words_add(&overlay->trace_functions, name);
    free(name);
}

/* A file at name in the overlay. */
static void
overlay_put(const struct overlay *overlay, const char *name, const struct text *text)
{
    char *path = string_format("%s/%s", overlay->root, name);
    char *folder = path_folder(path);

    if (!path_make_folders(folder))
        text_write_file(text, path);
    free(folder);
    free(path);
}

static void
overlay_redirect(const struct overlay *overlay, const char *name, const char *target)
{
    char *absolute = realpath(target, NULL);
    char *slashes = string_copy(name);
    struct text text = {0};

    for (char *at = slashes; *at; at++)
        if (*at == '\\')
            *at = '/';
    if (absolute && *slashes != '/') {
        text_format(&text, "#include \"%s\"\n", absolute);
        overlay_put(overlay, slashes, &text);
        if (strcmp(slashes, name))
            overlay_put(overlay, name, &text);
    }
    text_free(&text);
    free(slashes);
    free(absolute);
}

/* One #include line: where it is searched. */
struct search {
    struct overlay *overlay;
    const struct unit *unit;
    struct words *files; /* that remain to be walked */
    const char *folder;  /* of the including file */
};

static char *
search_headers(const struct search *search, const char *name, bool *exact)
{
    const struct words *folders = &search->overlay->toolchain->header_folders;
    char *found = NULL;

    for (size_t i = 0; i < folders->count && !found; i++)
        found = path_find(folders->items[i], name, exact);
    return found;
}

static void
search_include(const struct search *search, const char *name, bool quoted)
{
    const struct words *includes = &search->unit->includes;
    bool exact = false;
    char *found = quoted ? path_find(search->folder, name, &exact) : NULL;

    for (size_t i = 0; i < includes->count && !found; i++)
        found = path_find(includes->items[i], name, &exact);
    if (found)
        words_add(search->files, found);
    else
        found = search_headers(search, name, &exact);
    if (found && !exact)
        overlay_redirect(search->overlay, name, found);
    if (!found && path_has_extension(name, "tmh") &&
        !words_have(&search->overlay->trace_headers, name))
        words_add(&search->overlay->trace_headers, name);
    free(found);
}

static void
scan_include(const struct search *search, const char *line, const char *end)
{
    const char *at = line + 1;
    const char *close;
    char *name;

    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if (end - at < 8 || memcmp(at, "include", 7))
        return;
    for (at += 7; at < end && (*at == ' ' || *at == '\t'); at++)
        ;
    if (at == end || (*at != '"' && *at != '<'))
        return;
    close = memchr(at + 1, *at == '"' ? '"' : '>', (size_t)(end - at - 1));
    if (!close)
        return;
    name = string_format("%.*s", (int)(close - at - 1), at + 1);
    search_include(search, name, *at == '"');
    free(name);
}

/* A line of a "begin_wpp config" comment: FUNC NAME(...). */
static void
scan_trace_config(struct overlay *overlay, const char *at, const char *end)
{
    char *line;

    while (at < end && (isspace((unsigned char)*at) || *at == '/' || *at == '*'))
        at++;
    if (end - at < 6 || memcmp(at, "FUNC", 4) || !isspace((unsigned char)at[4]))
        return;
    for (at += 5; at < end && isspace((unsigned char)*at); at++)
        ;
    line = string_format("%.*s", (int)(end - at), at);
    overlay_add_trace_function(overlay, line);
    free(line);
}

static void
scan_text(const struct search *search, const struct text *text)
{
    const char *at = text->bytes;
    const char *stop = text->bytes + text->length;
    bool config = false;

    while (at < stop) {
        const char *end = memchr(at, '\n', (size_t)(stop - at));
        size_t length;

        end = end ? end : stop;
        while (at < end && isspace((unsigned char)*at))
            at++;
        length = (size_t)(end - at);
        if (at < end && *at == '#')
            scan_include(search, at, end);
        else if (memmem(at, length, "begin_wpp config", 16))
            config = true;
        else if (memmem(at, length, "end_wpp", 7))
            config = false;
        else if (config)
            scan_trace_config(search->overlay, at, end);
        at = end + 1;
    }
}

/* Finds word with nothing of a name around it and, after blanks, one of the marks. */
static bool
has_word_before(const struct text *text, const char *word, const char *marks)
{
    size_t length = strlen(word);
    const char *at = text->bytes;

    while ((at = strstr(at, word))) {
        const char *after = at + length;
        bool apart = at == text->bytes || (!isalnum((unsigned char)at[-1]) && at[-1] != '_');

        after += strspn(after, " \t\r\n");
        if (apart && *after && strchr(marks, *after))
            return true;
        at += length;
    }
    return false;
}

static bool
has_short_words(const struct text *text)
{
    return text->length && has_word_before(text, "try", "{") &&
           (has_word_before(text, "except", "(") || has_word_before(text, "finally", "{"));
}

static void
scan_file(struct overlay *overlay, const struct unit *unit, const char *file, struct words *files)
{
    struct search search = {overlay, unit, files, NULL};
    struct text text = {0};
    char *folder = path_folder(file);
    bool changed;

    search.folder = folder;
    if (!text_read_source(&text, file, &changed)) {
        scan_text(&search, &text);
        overlay->short_words |= !unit_is_cxx(unit->source) && has_short_words(&text);
    }
    text_free(&text);
    free(folder);
}

void
overlay_scan(struct overlay *overlay, const struct unit *unit)
{
    struct words files = {0};

    words_add(&files, unit->source);
    words_add_all(&files, &unit->forced);
    for (size_t i = 0; i < files.count; i++) {
        const char *file = files.items[i];

        if (words_have(&overlay->seen, file) || path_is_inside(file, overlay->toolchain->headers))
            continue;
        words_add(&overlay->seen, file);
        scan_file(overlay, unit, file, &files);
    }
    words_free(&files);
}

void
overlay_define_words(const struct overlay *overlay, struct words *defines, const char *option)
{
    static const char *const words[] = {"try", "except", "finally", "leave", NULL};

    for (const char *const *word = words; overlay->short_words && *word; word++)
        words_format(defines, "%1$s%2$s=__%2$s", option, *word);
}

void
overlay_write_trace_headers(const struct overlay *overlay)
{
    struct text text = {0};

    text_add_string(&text, trace_prologue);
    for (size_t i = 0; i < overlay->trace_functions.count; i++)
        text_format(
            &text, "#undef %1$s\n#define %1$s(...) ((void)0)\n", overlay->trace_functions.items[i]);
    for (size_t i = 0; i < overlay->trace_headers.count; i++)
        overlay_put(overlay, overlay->trace_headers.items[i], &text);
    text_free(&text);
}

void
overlay_close(struct overlay *overlay)
{
    free(overlay->root);
    words_free(&overlay->trace_functions);
    words_free(&overlay->trace_headers);
    words_free(&overlay->seen);
}
