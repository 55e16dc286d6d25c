/* SPDX-License-Identifier: MIT */
/* A folder with a file "sources", and no project, is what that file says; its errors name it. */
#include "build/nmake.h"
#include "build/project.h"
#include "check.h"

static const char sources[] = "# a comment\r\n"
                              "TARGETNAME=mydriver   # and another\r\n"
                              "TARGETTYPE=DRIVER\r\n"
                              "!include $(NTMAKEENV)\\nowhere.inc\r\n"
                              "!INCLUDE ..\\Common.inc\r\n"
                              "C_DEFINES=$(C_DEFINES) -DONE=1 /DTWO /W4\r\n"
                              "!if \"$(DDKBUILDENV)\" == \"chk\" || !$(AMD64)\r\n"
                              "C_DEFINES=$(C_DEFINES) -DCHECKED\r\n"
                              "!if 1\r\n"
                              "C_DEFINES=$(C_DEFINES) -DINNER\r\n"
                              "!endif\r\n"
                              "!elseif defined(COMMON) && $(COMMON) >= 7\r\n"
                              "C_DEFINES=$(C_DEFINES) -DFREE\r\n"
                              "!else\r\n"
                              "C_DEFINES=$(C_DEFINES) -DNEITHER\r\n"
                              "!endif\r\n"
                              "!ifndef COMMON\r\n"
                              "C_DEFINES=\r\n"
                              "!endif\r\n"
                              "INCLUDES=..\\INC;$(DDK_INC_PATH);.\r\n"
                              "SOURCES= \\\r\n"
                              "    One.C \\\r\n"
                              "#   left.c \\\r\n"
                              "    ..\\sub\\two.c\\\r\n"
                              "    driver.rc\r\n"
                              "\r\n"
                              "RUN_WPP=$(SOURCES) -km -func:TRACE(LEVEL,MSG,...)\r\n";

static void
reads(const char *folder)
{
    char *target = string_format("%s/driver", folder);
    struct project project;
    struct unit *unit;
    char *error = NULL;

    CHECK(project_read(&project, target, NULL, NULL, &error));
    CHECK_TEXT(project.name, "mydriver");
    CHECK(project.count == 2);
    unit = &project.units[0];
    CHECK(strstr(unit->source, "/one.c"));
    CHECK(strstr(project.units[1].source, "/sub/two.c"));
    CHECK(unit->defines.count == 5);
    CHECK(words_have(&unit->defines, "DBG=0"));
    CHECK(words_have(&unit->defines, "FIRST"));
    CHECK(words_have(&unit->defines, "ONE=1"));
    CHECK(words_have(&unit->defines, "TWO"));
    CHECK(words_have(&unit->defines, "FREE"));
    CHECK(unit->includes.count == 3 && path_is_folder(unit->includes.items[1]));
    CHECK(project.trace_functions.count == 1);
    CHECK_TEXT(project.trace_functions.items[0], "TRACE(LEVEL,MSG,...)");
    project_free(&project);
    free(target);
}

static void
fails(const char *folder, const char *content, const char *wanted)
{
    char *target = string_format("%s/driver", folder);
    struct project project;
    char *error = NULL;

    put_file(folder, "driver/sources", content);
    CHECK(!project_read(&project, target, NULL, NULL, &error));
    CHECK(strstr(error, "driver/sources") && strstr(error, wanted));
    project_free(&project);
    free(error);
    free(target);
}

static void
conditions(void)
{
    static const char *const hold[] = {"1", "\"a b\"==\"A B\"", "2<10", "0x10 == 16", "!0", "(1)",
        "0 || 1 && 1", "!(1 && 0)", "\"a\" != \"b\"", "!exist(c:\\x)", NULL};
    static const char *const fail[] = {
        "0", "", "\"\"", "10<2", "1 && 0", "\"a\"==\"b\"", "defined(X)", "(", "== 1", NULL};
    struct nmake nmake = {0};

    for (const char *const *text = hold; *text; text++)
        CHECK(nmake_holds(&nmake, *text));
    for (const char *const *text = fail; *text; text++)
        CHECK(!nmake_holds(&nmake, *text));
    nmake_free(&nmake);
}

/* A project beside it that only starts make says less than it; any other one says more. */
static void
beside_a_project(const char *folder)
{
    static const char project[] =
        "<Project><PropertyGroup><ConfigurationType>%s</ConfigurationType></PropertyGroup>"
        "<ItemGroup><ClCompile Include=\"one.c\"/></ItemGroup></Project>";
    char *makes = string_format(project, "Makefile"), *drives = string_format(project, "Driver");
    char *target = string_format("%s/driver", folder);
    struct project read;
    char *error = NULL;

    put_file(folder, "driver/own.vcxproj", makes);
    reads(folder);
    put_file(folder, "driver/own.vcxproj", drives);
    CHECK(project_read(&read, target, NULL, NULL, &error));
    CHECK_TEXT(read.name, "own");
    CHECK(read.count == 1);
    project_free(&read);
    free(target);
    target = string_format("%s/driver/own.vcxproj", folder);
    CHECK(!unlink(target));
    free(target);
    free(drives);
    free(makes);
}

int
main(void)
{
    char *folder = test_folder();

    conditions();
    put_file(folder, "driver/sources", sources);
    put_file(folder, "driver/one.c", "int DriverEntry(void) { return 0; }\n");
    put_file(folder, "driver/left.c", "left out\n");
    put_file(folder, "sub/two.c", "int two;\n");
    put_file(folder, "inc/two.h", "");
    put_file(folder, "common.inc", "COMMON=0x10\nC_DEFINES=-DFIRST\n");
    reads(folder);
    beside_a_project(folder);
    fails(folder, "SOURCES=gone.c\n", "gone.c");
    fails(folder, "SOURCES=only.rc\n", "no source");
    fails(folder, "!if\n!else\n!endif\n!endif\n!else if\n!include\n=\nSOURCES", "no source");
    fails(folder, "!include sources\n", "no source");
    path_remove_tree(folder);
    free(folder);
    return EXIT_SUCCESS;
}
