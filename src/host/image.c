/* SPDX-License-Identifier: MIT */
/* Loading of driver images.
 *
 *     elf_inspect --> [copy] --> dlopen --> bind --> the driver's entry
 *
 * dlopen binds a driver's imports as the dynamic linker sees fit; bind() then goes through the
 * copy's own relocations and stores what the machine's table says, so a driver reaches the
 * functions (or checked wrappers) of its machine and nothing else. Relocations against the
 * driver's own symbols are turned back to itself: two drivers may have a global of the same name.
 *
 * Who: struct image is its opener's. Locks: `loading` (process-wide, since dlopen is) decides who
 * is first to load a file; nothing else is shared.
 */
#include "host/image.h"
#include "host/elf.h"
#include "host/image_copy.h"
#include "host/kept.h"
#include <assert.h>
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SEGMENTS_MAX 16

struct image {
    char *path; /* [I] of the file that is mapped */
    bool copy;  /* [I] path is a temporary copy of ours */
    void *handle;
    struct link_map *map;
    uintptr_t base;
    Elf64_Phdr segments[SEGMENTS_MAX];
    unsigned segment_count;
    image_resolve_fn *resolve;
    void *context;
};

static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

__attribute__((format(printf, 4, 5))) static int
fail(int code, char *error, size_t error_size, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(error, error_size, format, args);
    va_end(args);
    return code;
}

int
image_kind_of(const char *path, struct image_kind *kind)
{
    struct elf_facts facts;
    char error[256];
    int result = elf_inspect(path, &facts, error, sizeof(error));

    if (!result)
        *kind = (struct image_kind){facts.sanitizer, facts.tells_accesses};
    elf_facts_free(&facts);
    return result;
}

/* Names that compilers put into every object, and that the process itself provides. */
static bool
is_runtime(const char *name)
{
    static const char *const prefixes[] = {"__asan_", "__tsan_", "__ubsan_", "__sanitizer_",
        "__lsan_", "__odr_asan", "__gcov_", "__llvm_profile", "_Unwind_", "__cxa_", "__gxx_",
        "__gcc_", "__stack_chk_", "__tls_get_addr", "_ITM_", "__gmon_start__", "__dso_handle"};

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
        if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
            return true;
    return false;
}

/* libc has wide strings of 32 bits, drivers of 16: such a call would go wrong silently. */
static bool
is_wide(const char *name)
{
    return !strncmp(name, "wcs", 3) || !strncmp(name, "wmem", 4) || strstr(name, "wprintf") ||
           strstr(name, "wscanf");
}

/* What sanitizers look into by taking the calls of libc; it means the same to drivers. */
static bool
is_memory(const char *name)
{
    static const char *const names[] = {"memcpy", "memmove", "memset", "memcmp", "bcmp", "memchr"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

static bool
can_import(const struct elf_facts *facts, const struct elf_import *import,
    image_resolve_fn *resolve, void *context)
{
    bool instrumented = facts->sanitizer != IMAGE_PLAIN || facts->coverage;

    if (import->weak || resolve(context, import->name))
        return true;
    if (is_runtime(import->name) && dlsym(RTLD_DEFAULT, import->name))
        return true;
    if (!instrumented || !dlsym(RTLD_DEFAULT, import->name))
        return false;
    /* Objects with counters are linked with libc, for their runtime's sake. */
    return is_memory(import->name) || (*import->version && !is_wide(import->name));
}

static int
check_imports(const char *path, const struct elf_facts *facts, image_resolve_fn *resolve,
    void *context, char *error, size_t error_size)
{
    unsigned missing = 0;
    size_t used = 0;

    for (unsigned i = 0; i < facts->import_count; i++) {
        if (can_import(facts, &facts->imports[i], resolve, context))
            continue;
        if (used < error_size)
            used += (size_t)snprintf(error + used, error_size - used, "%s%s%s", missing ? "" : path,
                missing ? ", " : ": undis does not provide ", facts->imports[i].name);
        missing++;
    }
    return missing ? -ELIBACC : 0;
}

static int
check_sanitizer(const char *path, const struct elf_facts *facts, char *error, size_t error_size)
{
    static const char *const words[] = {"", "address", "thread"};
    static const char *const starts[] = {"", "__asan_init", "__tsan_init"};
    static const char *const builds[] = {"undis", "undis-asan", "undis-tsan"};

    if (facts->sanitizer == IMAGE_PLAIN || dlsym(RTLD_DEFAULT, starts[facts->sanitizer]))
        return 0;
    return fail(-ENOTSUP, error, error_size,
        "%s: built with -fsanitize=%s, which this process is not; use %s", path,
        words[facts->sanitizer], builds[facts->sanitizer]);
}

static int
check(const char *path, image_resolve_fn *resolve, void *context, char *error, size_t error_size)
{
    struct elf_facts facts;
    int result = elf_inspect(path, &facts, error, error_size);

    if (!result && !facts.has_entry)
        result = fail(-ENOEXEC, error, error_size,
            "%s: DriverEntry is not exported; is this a driver, and is it hidden?", path);
    if (!result)
        result = check_sanitizer(path, &facts, error, error_size);
    if (!result)
        result = check_imports(path, &facts, resolve, context, error, error_size);
    elf_facts_free(&facts);
    return result;
}

/* The first load of a file is the file itself, a further one a copy. Under `loading`. */
static int
load(struct image *image, const char *path, char *error, size_t error_size)
{
    char full[PATH_MAX], copy[PATH_MAX];
    void *present;
    int result;

    if (!realpath(path, full))
        return fail(-errno, error, error_size, "%s: %m", path);
    present = dlopen(full, RTLD_LAZY | RTLD_LOCAL | RTLD_NOLOAD);
    if (present) {
        dlclose(present);
        result = image_copy_make(full, copy, sizeof(copy), error, error_size);
        if (result)
            return result;
        image->copy = true;
    }
    image->path = strdup(image->copy ? copy : full);
    if (!image->path) {
        if (image->copy)
            unlink(copy);
        return fail(-ENOMEM, error, error_size, "%s: out of memory", path);
    }
    image->handle = dlopen(image->path, RTLD_NOW | RTLD_LOCAL);
    if (!image->handle)
        return fail(-ENOEXEC, error, error_size, "%s%s", dlerror(),
            image->copy ? " (set TMPDIR to a folder that may hold programs)" : "");
    return 0;
}

static int
note_segments(struct dl_phdr_info *info, size_t size, void *context)
{
    struct image *image = context;

    (void)size;
    if (info->dlpi_addr != image->base || strcmp(info->dlpi_name, image->map->l_name))
        return 0;
    for (unsigned i = 0; i < info->dlpi_phnum && image->segment_count < SEGMENTS_MAX; i++)
        image->segments[image->segment_count++] = info->dlpi_phdr[i];
    return 1;
}

static uintptr_t
page_down(uintptr_t address)
{
    return address & ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);
}

/* What the dynamic linker has made read-only: rounded as it rounds. */
static bool
relro(const struct image *image, uintptr_t *start, uintptr_t *end)
{
    for (unsigned i = 0; i < image->segment_count; i++) {
        const Elf64_Phdr *segment = &image->segments[i];

        if (segment->p_type != PT_GNU_RELRO)
            continue;
        *start = page_down(image->base + segment->p_vaddr);
        *end = page_down(image->base + segment->p_vaddr + segment->p_memsz);
        return *start < *end;
    }
    return false;
}

struct tables {
    const Elf64_Rela *rela, *plt;
    size_t rela_count, plt_count;
    const Elf64_Sym *symbols;
    const char *strings;
};

/* The dynamic linker may or may not have added the base to the pointers of the section. */
static const void *
table_at(const struct image *image, const Elf64_Dyn *entry)
{
    uintptr_t value = entry->d_un.d_ptr;

    return (const void *)(value < image->base ? image->base + value : value);
}

static void
find_tables(const struct image *image, struct tables *tables)
{
    memset(tables, 0, sizeof(*tables));
    for (const Elf64_Dyn *entry = image->map->l_ld; entry->d_tag != DT_NULL; entry++) {
        switch (entry->d_tag) {
        case DT_RELA: tables->rela = table_at(image, entry); break;
        case DT_RELASZ: tables->rela_count = entry->d_un.d_val / sizeof(Elf64_Rela); break;
        case DT_JMPREL: tables->plt = table_at(image, entry); break;
        case DT_PLTRELSZ: tables->plt_count = entry->d_un.d_val / sizeof(Elf64_Rela); break;
        case DT_SYMTAB: tables->symbols = table_at(image, entry); break;
        case DT_STRTAB: tables->strings = table_at(image, entry); break;
        default: break;
        }
    }
}

/* Where a symbol of the image shall lead; NULL: leave it to the dynamic linker. */
static void *
target(const struct image *image, const Elf64_Sym *symbol, const char *name)
{
    unsigned type = ELF64_ST_TYPE(symbol->st_info);

    if (symbol->st_shndx == SHN_UNDEF)
        return image->resolve(image->context, name);
    if (symbol->st_shndx == SHN_ABS || type == STT_TLS || type == STT_GNU_IFUNC || is_runtime(name))
        return NULL;
    return (void *)(image->base + symbol->st_value);
}

/* As the dynamic linker's, these stores are not looked at: slots may lie among redzones. */
__attribute__((no_sanitize("address"), no_sanitize("thread"))) static void
bind_table(
    const struct image *image, const struct tables *tables, const Elf64_Rela *rela, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const Elf64_Sym *symbol = &tables->symbols[ELF64_R_SYM(rela[i].r_info)];
        unsigned type = ELF64_R_TYPE(rela[i].r_info);
        uintptr_t *slot = (uintptr_t *)(image->base + rela[i].r_offset);
        uintptr_t address;

        if (type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT && type != R_X86_64_64)
            continue;
        address = (uintptr_t)target(image, symbol, tables->strings + symbol->st_name);
        if (address)
            *slot = address + (type == R_X86_64_64 ? (uintptr_t)rela[i].r_addend : 0);
    }
}

static int
bind(const struct image *image, char *error, size_t error_size)
{
    struct tables tables;
    uintptr_t start = 0, end = 0;
    bool closed = relro(image, &start, &end);

    find_tables(image, &tables);
    if (!tables.symbols || !tables.strings)
        return fail(-ENOEXEC, error, error_size, "%s: no dynamic symbols", image->path);
    if (closed && mprotect((void *)start, end - start, PROT_READ | PROT_WRITE))
        return fail(-errno, error, error_size, "%s: mprotect: %m", image->path);
    bind_table(image, &tables, tables.rela, tables.rela_count);
    bind_table(image, &tables, tables.plt, tables.plt_count);
    if (closed && mprotect((void *)start, end - start, PROT_READ))
        return fail(-errno, error, error_size, "%s: mprotect: %m", image->path);
    return 0;
}

/* For the report of a crash, which may find nothing else of it. */
static void
keep(const struct image *image)
{
    uintptr_t end = image->base;

    for (unsigned i = 0; i < image->segment_count; i++) {
        const Elf64_Phdr *segment = &image->segments[i];

        if (segment->p_type == PT_LOAD && image->base + segment->p_vaddr + segment->p_memsz > end)
            end = image->base + segment->p_vaddr + segment->p_memsz;
    }
    kept_add(image->path, image->base, end, image->copy);
}

static int
take_over(struct image *image, char *error, size_t error_size)
{
    assert(image->handle);
    if (dlinfo(image->handle, RTLD_DI_LINKMAP, &image->map))
        return fail(-ENOEXEC, error, error_size, "%s", dlerror());
    image->base = image->map->l_addr;
    if (!dl_iterate_phdr(note_segments, image))
        return fail(-ENOEXEC, error, error_size, "%s: its segments are not known", image->path);
    keep(image);
    return bind(image, error, error_size);
}

int
image_open(struct image **opened, const char *path, image_resolve_fn *resolve, void *context,
    char *error, size_t error_size)
{
    struct image *image;
    int result = check(path, resolve, context, error, error_size);

    if (result)
        return result;
    image = calloc(1, sizeof(*image));
    if (!image)
        return fail(-ENOMEM, error, error_size, "%s: out of memory", path);
    image->resolve = resolve;
    image->context = context;
    pthread_mutex_lock(&loading);
    image_copy_sweep();
    result = load(image, path, error, error_size);
    if (!result)
        result = take_over(image, error, error_size);
    pthread_mutex_unlock(&loading);
    if (result) {
        image_close(image);
        return result;
    }
    *opened = image;
    return 0;
}

void
image_close(struct image *image)
{
    if (!image)
        return;
    if (image->handle) {
        pthread_mutex_lock(&loading);
        dlclose(image->handle);
        pthread_mutex_unlock(&loading);
    }
    if (image->copy && image->path)
        unlink(image->path);
    if (image->base)
        kept_drop(image->base);
    free(image->path);
    free(image);
}

void *
image_symbol(struct image *image, const char *name)
{
    void *address = dlsym(image->handle, name);

    /* dlsym also looks into the libraries that the image needs. */
    return address && image_contains(image, address) ? address : NULL;
}

static unsigned
add_range(struct image_range *ranges, unsigned count, unsigned max, uintptr_t start, uintptr_t end)
{
    if (start >= end || count >= max)
        return count;
    ranges[count].start = (void *)start;
    ranges[count].size = end - start;
    return count + 1;
}

unsigned
image_data(struct image *image, struct image_range *ranges, unsigned max)
{
    uintptr_t closed_start = 0, closed_end = 0;
    bool closed = relro(image, &closed_start, &closed_end);
    unsigned count = 0;

    for (unsigned i = 0; i < image->segment_count; i++) {
        const Elf64_Phdr *segment = &image->segments[i];
        uintptr_t start = image->base + segment->p_vaddr, end = start + segment->p_memsz;

        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_W))
            continue;
        if (closed && closed_start < end && closed_end > start) {
            count = add_range(ranges, count, max, start, closed_start);
            start = closed_end;
        }
        count = add_range(ranges, count, max, start, end);
    }
    return count;
}

const char *
image_path(const struct image *image)
{
    return image->path;
}

int
image_contains(const struct image *image, const void *address)
{
    for (unsigned i = 0; i < image->segment_count; i++) {
        const Elf64_Phdr *segment = &image->segments[i];
        uintptr_t start = image->base + segment->p_vaddr;

        if (segment->p_type == PT_LOAD && (uintptr_t)address >= start &&
            (uintptr_t)address < start + segment->p_memsz)
            return 1;
    }
    return 0;
}

void
image_span(const struct image *image, uintptr_t *start, uintptr_t *end)
{
    *start = UINTPTR_MAX;
    *end = 0;
    for (unsigned i = 0; i < image->segment_count; i++) {
        const Elf64_Phdr *segment = &image->segments[i];
        uintptr_t from = image->base + segment->p_vaddr;

        if (segment->p_type != PT_LOAD)
            continue;
        *start = from < *start ? from : *start;
        *end = from + segment->p_memsz > *end ? from + segment->p_memsz : *end;
    }
}
