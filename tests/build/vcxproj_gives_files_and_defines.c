/* SPDX-License-Identifier: MIT */
/* A project names its files in Windows' spelling, its defines by configuration. */
#include "build/project.h"
#include "check.h"

static const char project_text[] =
    "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
    "<Project xmlns=\"http://schemas.microsoft.com/developer/msbuild/2003\">\n"
    "<ItemGroup Label=\"ProjectConfigurations\">\n"
    "<ProjectConfiguration Include=\"Debug|x64\"/><ProjectConfiguration Include=\"Release|x64\"/>\n"
    "</ItemGroup>\n"
    "<Import Project=\"$(VCTargetsPath)\\Microsoft.Cpp.props\"/>\n"
    "<Import Project=\"common.props\"/>\n"
    "<PropertyGroup><TargetName>mydriver</TargetName></PropertyGroup>\n"
    "<ItemDefinitionGroup Condition=\"'$(Configuration)|$(Platform)'=='Release|x64'\"><ClCompile>\n"
    "<PreprocessorDefinitions>%(PreprocessorDefinitions);NDIS630=1</PreprocessorDefinitions>\n"
    "<AdditionalIncludeDirectories>%(AdditionalIncludeDirectories);..\\INC;$(DDK_INC_PATH);.\n"
    "</AdditionalIncludeDirectories>\n"
    "<WppTraceFunction>DEBUGP(LEVEL,MSG,...)</WppTraceFunction></ClCompile></ItemDefinitionGroup>\n"
    "<ItemDefinitionGroup Condition=\"'$(Configuration)|$(Platform)'=='Debug|x64'\"><ClCompile>\n"
    "<PreprocessorDefinitions>%(PreprocessorDefinitions);CHECKED</PreprocessorDefinitions>\n"
    "</ClCompile></ItemDefinitionGroup>\n"
    "<ItemGroup><ClCompile Include=\"..\\Src\\ONE.c; two.c\"/>\n"
    "<ClCompile Include=\"three.cpp\"><PreprocessorDefinitions>ONLY=\\\"x\\\"\n"
    "</PreprocessorDefinitions></ClCompile>\n"
    "<ClCompile Include=\"user.c\"><ExcludedFromBuild>true</ExcludedFromBuild></ClCompile>\n"
    "</ItemGroup></Project>\n";

static void
check_release(const char *target)
{
    struct project project;
    char *error = NULL;

    CHECK(project_read(&project, target, NULL, NULL, &error));
    CHECK_TEXT(project.name, "mydriver");
    CHECK(project.count == 3);
    CHECK(strstr(project.units[0].source, "/src/one.c"));
    CHECK(strstr(project.units[1].source, "/two.c"));
    CHECK(words_have(&project.units[0].defines, "NDIS630=1"));
    CHECK(words_have(&project.units[0].defines, "FROM_PROPS"));
    CHECK(!words_have(&project.units[0].defines, "CHECKED"));
    CHECK(project.units[0].includes.count == 3);
    CHECK(strstr(project.units[0].includes.items[2], "/proj"));
    CHECK(path_is_folder(project.units[0].includes.items[0]));
    CHECK(project.units[2].defines.count == 1);
    CHECK_TEXT(project.units[2].defines.items[0], "ONLY=\"x\"");
    CHECK_TEXT(project.trace_functions.items[0], "DEBUGP(LEVEL,MSG,...)");
    project_free(&project);
}

int
main(void)
{
    char *folder = test_folder();
    char *target = string_format("%s/proj", folder);
    struct project project;
    char *error = NULL;

    put_file(folder, "proj/x.vcxproj", project_text);
    put_file(folder, "proj/common.props",
        "<Project><ItemDefinitionGroup><ClCompile><PreprocessorDefinitions>FROM_PROPS;"
        "%(PreprocessorDefinitions)</PreprocessorDefinitions></ClCompile></ItemDefinitionGroup>"
        "</Project>");
    put_file(folder, "src/one.c", "");
    put_file(folder, "proj/two.c", "");
    put_file(folder, "proj/three.cpp", "");
    put_file(folder, "proj/user.c", "");
    put_file(folder, "inc/x.h", "");
    check_release(target);

    CHECK(project_read(&project, target, "Debug", NULL, &error));
    CHECK(words_have(&project.units[0].defines, "CHECKED"));
    CHECK(words_have(&project.units[0].defines, "DBG=1"));
    project_free(&project);

    CHECK(!project_read(&project, target, "Nonsense", NULL, &error));
    CHECK(strstr(error, "Debug|x64, Release|x64"));
    project_free(&project);
    free(error);
    path_remove_tree(folder);
    free(target);
    free(folder);
    return EXIT_SUCCESS;
}
