/* SPDX-License-Identifier: MIT */
/* The files of static libraries that a project refers to, or links with by a path, belong to the
 * driver; those of a program that it refers to do not, and a circle of libraries is told.
 */
#include "build/project.h"
#include "check.h"

#define PROJECT(type, rest)                                                                        \
    "<Project><PropertyGroup><ConfigurationType>" type "</ConfigurationType></PropertyGroup>" rest \
    "</Project>"
#define FILES(name)  "<ItemGroup><ClCompile Include=\"" name "\"/></ItemGroup>"
#define REFERS(name) "<ItemGroup><ProjectReference Include=\"" name "\"/></ItemGroup>"

static bool
has(const struct project *project, const char *end)
{
    for (size_t i = 0; i < project->count; i++)
        if (strstr(project->units[i].source, end))
            return true;
    return false;
}

int
main(void)
{
    char *folder = test_folder();
    char *target = string_format("%s/drv/drv.vcxproj", folder);
    struct project project;
    char *error = NULL;

    put_file(folder, "drv/drv.vcxproj",
        PROJECT("Driver",
            FILES("drv.c") REFERS("..\\Lib\\one.vcxproj") REFERS("..\\tool\\tool.vcxproj") REFERS(
                "absent.vcxproj") "<ItemDefinitionGroup><Link><AdditionalDependencies>ndis.lib;"
                                  "..\\two\\$(IntDir)\\Two.lib;..\\none\\none.lib</"
                                  "AdditionalDependencies></Link>"
                                  "</ItemDefinitionGroup>"));
    put_file(folder, "lib/one.vcxproj", PROJECT("StaticLibrary", FILES("one.c")));
    put_file(folder, "two/two.vcxproj",
        PROJECT("StaticLibrary", FILES("two.c") REFERS("..\\lib\\one.vcxproj")));
    put_file(folder, "tool/tool.vcxproj", PROJECT("Application", FILES("tool.c")));
    put_file(folder, "drv/drv.c", "");
    put_file(folder, "lib/one.c", "");
    put_file(folder, "two/two.c", "");
    put_file(folder, "tool/tool.c", "");
    CHECK(project_read(&project, target, NULL, NULL, &error));
    CHECK(project.count == 3);
    CHECK(has(&project, "/drv.c") && has(&project, "/one.c") && has(&project, "/two.c"));
    CHECK_TEXT(project.name, "drv");
    project_free(&project);

    put_file(
        folder, "lib/one.vcxproj", PROJECT("StaticLibrary", FILES("one.c") REFERS("one.vcxproj")));
    CHECK(!project_read(&project, target, NULL, NULL, &error));
    CHECK(strstr(error, "circle"));
    free(error);
    project_free(&project);
    path_remove_tree(folder);
    free(target);
    free(folder);
    return EXIT_SUCCESS;
}
