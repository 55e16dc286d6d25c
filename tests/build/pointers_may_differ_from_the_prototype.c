/* SPDX-License-Identifier: MIT */
/* cl.exe takes a definition with T * where the prototype has void *; so do we, name unchanged. It
 * takes a return without a value, or with one too many.
 */
#include "check.h"

static void
build_with(const char *folder, const char *compiler)
{
    struct build_request request = {.compiler = compiler};
    struct text said = {0};
    int status = build_with_kit(folder, &request, &said);

    if (status)
        fputs(said.bytes, stderr);
    CHECK(status == BUILD_OK);
    text_free(&said);
}

int
main(void)
{
    char *folder = test_folder();

    put_kit(folder);
    put_file(folder, "driver/h.h", "struct s { long a; };\nint Init(struct s *, void *);\n");
    put_file(folder, "driver/a.c",
        "#include \"h.h\"\n"
        "int First(struct s *p) { return Init(p, p); }\n"
        "int Without(int a) { if (a) return; return 1; }\n"
        "void With(int a) { return a; }\n"
        "int Init(struct s *p, struct s *q) { return p->a + q->a; }\n");
    put_file(folder, "driver/b.c",
        "#include \"h.h\"\nint First(struct s *);\n"
        "int DriverEntry(void) { struct s x = {1}; return Init(&x, &x) + First(&x); }\n");
    build_with(folder, "gcc");
    if (!system("clang --version >/dev/null 2>&1"))
        build_with(folder, "clang");
    path_remove_tree(folder);
    free(folder);
    return EXIT_SUCCESS;
}
