/* SPDX-License-Identifier: MIT */
/* undis run --report writes the rule that ended it, with its place and what replays it, as SARIF
 * and as JSON lines; --rules writes what undis rules --checks shows, when a
 * rule ended the run too.
 */
#include "lib/child.h"
#include "lib/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/undis-report-XXXXXX";
static struct child child;

static const char *
in_folder(const char *name)
{
    static char path[256];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

/* A wrong driver is the one of its kind under its own name. */
static void
run(const char *miniport, const char *option, const char *file, int status)
{
    char path[256];
    char *argv[] = {getenv("UNDIS_TOOL"), (char *)"run", (char *)"--simulated", (char *)"--quiet",
        (char *)"--duration", (char *)"0.1", (char *)"--miniport", path, (char *)option,
        (char *)in_folder(file), NULL};

    snprintf(path, sizeof(path), "%s/%s.so", folder, miniport);
    CHECK(symlink(test_driver_path("miniport"), path) == 0);
    child_run_program(&child, argv, 60);
    child_expect(&child, status, "");
    CHECK(unlink(path) == 0);
}

/* The whole file, as text. */
static const char *
content(const char *name)
{
    static char text[65536];
    FILE *file = fopen(in_folder(name), "re");
    size_t n;

    CHECK(file != NULL);
    n = fread(text, 1, sizeof(text) - 1, file);
    text[n] = 0;
    fclose(file);
    return text;
}

static void
has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fprintf(stderr, "no %s in %s\n", part, text);
    CHECK(strstr(text, part) != NULL);
}

static void
check_sarif(void)
{
    const char *text = content("r.sarif");

    has(text, "{\"version\":\"2.1.0\"");
    has(text, "\"results\":[\n{\"level\":\"error\",\"ruleId\":\"hd-type\"");
    has(text, "miniport_life.h\"},\"region\":{\"startLine\":");
    has(text, "\"replay\":\"undis run --simulated");
    CHECK(strcmp(strrchr(text, '\n') - 6, "}}]}]}\n") == 0);
}

static void
check_lines(void)
{
    const char *text = content("r.jsonl");

    has(text, "\"rule\":\"hd-type\"");
    has(text, "\"driver\":\"miniport.hd_type\"");
    has(text, "\"replay\":\"undis run --simulated");
    has(text, "\"stack\":[\"");
    CHECK(text[strlen(text) - 2] == '}');
}

static void
check_counts(void)
{
    char *argv[] = {getenv("UNDIS_TOOL"), (char *)"rules", (char *)"--json", (char *)"--checks",
        (char *)in_folder("r.rules"), (char *)"hd-type", NULL};

    child_run_program(&child, argv, 60);
    CHECK_EQ(child.status, 0);
    has(child.text, "\"state\":\"checked\"");
    has(child.text, "\"checks\":");
    CHECK(strstr(child.text, "\"checks\":0") == NULL);
}

int
main(void)
{
    static const char *const files[] = {"r.sarif", "r.jsonl", "r.rules"};

    CHECK(mkdtemp(folder) != NULL);
    run("miniport.hd_type", "--report", files[0], UNDIS_EXIT_BUG_CHECK);
    check_sarif();
    run("miniport.hd_type", "--report", files[1], UNDIS_EXIT_BUG_CHECK);
    check_lines();
    run("miniport.right", "--rules", files[2], UNDIS_EXIT_OK);
    check_counts();
    CHECK(unlink(in_folder(files[2])) == 0);
    run("miniport.hd_type", "--rules", files[2], UNDIS_EXIT_BUG_CHECK);
    check_counts();
    for (unsigned k = 0; k < 3; k++)
        unlink(in_folder(files[k]));
    rmdir(folder);
    return 0;
}
