/* SPDX-License-Identifier: MIT */
/* What is wrong in a stack file is told with its line and column, and what to do; nothing is
 * started, or it is taken down again.
 */
#include "shell.h"

#define NIC "stack a\nminiport portnic\n"

static const struct {
    const char *text;
    int status;
    const char *said;
} files[] = {
    {"", 2, "f.stack:1:1: there is no stack in it"},
    {"stack\n", 2, ":1:1: stack: needs NAME behind it"},
    {"stack a/b\n", 2, ":1:7: a/b: not a name"},
    {"stack a b\n", 2, ":1:9: b: stack takes one word"},
    {"stack \"a\n", 2, ":1:7: this \" has no second one"},
    {"stack \"\"\n", 2, ":1:7: stack: NAME cannot be empty"},
    {"stack a\n  minport portnic\n", 2, ":2:3: minport: unknown; is it 'miniport'?"},
    {"stack a\n  xyzzy portnic\n", 2, ":2:3: xyzzy: unknown; lines begin with top"},
    {"xyzzy\n", 2, ":1:1: xyzzy: unknown; lines begin with driver, stack or an option"},
    {"  miniport portnic\n", 2, ":1:3: miniport: stands below a line 'stack NAME'"},
    {"file x.so\n", 2, ":1:1: file: stands below a line 'driver NAME'"},
    {"stack a\n", 2, ":1:1: stack a has no miniport; add a line"},
    {NIC "miniport portnic\n", 2, ":3:1: stack a has a miniport already, in line 2"},
    {NIC "stack a\n", 2, ":3:7: a: the stack in line 1 has that name"},
    {NIC "filter pass\nfilter pass\n", 2, ":4:8: pass: stands in stack a already"},
    {NIC "top null\n", 2, ":3:5: a top port needs a protocol"},
    {NIC "bottom null\nbottom null\n", 2, ":4:1: stack a has this port already, from line 3"},
    {NIC "simulated\n", 2, ":3:1: simulated: is of the whole run; it stands before"},
    {"simulated yes\n", 2, ":1:11: yes: simulated takes no value"},
    {"seed\n", 2, ":1:1: seed: needs a value"},
    {"seed many\n", 2, ":1:6: many: not a number"},
    {"seed 1 2\n", 2, ":1:8: 2: seed takes at most one word"},
    {"seed 1 2 3\n", 2, ":1:8: more words than a line can have"},
    {"processors 65\n", 2, ":1:12: 65: not a number from 0 to 64"},
    {"fault some\n", 2, ":1:7: some: not each"},
    {"set Mode=1\n", 2, ":1:5: Mode=1: not WHERE:KEYWORD=VALUE"},
    {"driver ./a.so\n", 2, ":1:8: ./a.so: not a name"},
    {"driver a\ndriver a\n", 2, ":2:8: a: is declared in line 1 already"},
    {NIC "driver portnic\n", 2, ":3:8: portnic: is used in line 2 already"},
    {"driver a\nfile a.so\nfile b.so\n", 2, ":3:1: driver a has a file already"},
    {"driver a\ninf a.inf\ninf b.inf\n", 2, ":3:1: driver a has an INF already"},
    {"stack a\nset Mode=1\n", 2, ":2:1: whose? 'set' stands below"},
    {NIC "set Mode\n", 2, ":3:5: Mode: not KEYWORD=VALUE"},
    {"stack a\nminiport nosuch\n", 1, ":2:10: nosuch: there is no driver"},
    {"stack a\nminiport ./no.so\n", 1, ":2:10: ./no.so: there is no driver"},
    {NIC "bottom nosuch:x\n", 1, ":3:8: "},
    {NIC " set Bogus=1\n", 1, ":3:6: Bogus: "},
    {NIC "filter pass\n set Mode=7\n", 1, ":4:6: Mode=7: "},
    {"driver a\ninf none.inf\n" NIC, 1, ":1:8: a: there is no driver"},
    {"driver portnic\ninf none.inf\n" NIC, 1, ":1:8: "},
    {NIC "stack b\nminiport pass\n", 1, ":3:1: b: initialization of miniport of pass failed"},
};

static void
write_file(const char *text)
{
    FILE *file = fopen("f.stack", "we");

    CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

int
main(void)
{
    char said[256];

    shell_enter();
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        write_file(files[i].text);
        child_run_program(&shell_child,
            (char *[]){getenv("UNDIS"), (char *)"run", (char *)"f.stack", (char *)"-t",
                (char *)"0.1", NULL},
            SHELL_SECONDS);
        snprintf(said, sizeof(said), "%s%s", *files[i].said == ':' ? "undis run: f.stack" : "",
            files[i].said);
        child_expect(&shell_child, files[i].status, said);
    }
    child_expect(shell("printf 'stack a\\0b\\n' >z.stack; $UNDIS run z.stack"), 2,
        "z.stack:1:1: there is a zero byte");
    child_expect(shell("$UNDIS run none.stack"), 1, "none.stack: No such file");
    child_expect(shell("$UNDIS run f.stack --top null"), 2, "f.stack describes the stacks");
    child_expect(shell("$UNDIS run f.stack more"), 2, "more: what is this for?");
    return 0;
}
