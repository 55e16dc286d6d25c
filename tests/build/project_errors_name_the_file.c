/* SPDX-License-Identifier: MIT */
/* Broken XML and missing files are told with their names. */
#include "build/project.h"
#include "check.h"

static void
refused(const char *target, const char *phrase)
{
    struct project project;
    char *error = NULL;

    CHECK(!project_read(&project, target, NULL, NULL, &error));
    CHECK(error && strstr(error, phrase));
    project_free(&project);
    free(error);
}

int
main(void)
{
    char *folder = test_folder();
    char *target = string_format("%s/x.vcxproj", folder);

    refused(folder, "no C or C++ file");
    put_file(folder, "x.vcxproj", "<Project>\n<ItemGroup>\n</Project>");
    refused(folder, "x.vcxproj:3: ");
    put_file(folder, "x.vcxproj",
        "<Project><ItemGroup><ClCompile Include=\"no.c\"/></ItemGroup></Project>");
    refused(target, "no.c: the project names this file");
    put_file(folder, "x.vcxproj", "<Project/>");
    refused(target, "names no source file");
    refused("/no/such/folder", "neither a folder nor a .vcxproj");
    path_remove_tree(folder);
    free(target);
    free(folder);
    return EXIT_SUCCESS;
}
