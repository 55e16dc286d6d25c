/* SPDX-License-Identifier: MIT */
/* The formatter: reads a directive, fetches its argument, writes digits or a string. */
#include "crt/format.h"

enum format_flag {
    FLAG_LEFT = 1,
    FLAG_PLUS = 2,
    FLAG_SPACE = 4,
    FLAG_HASH = 8,
    FLAG_ZERO = 16,
    FLAG_UPPER = 32,
    FLAG_WIDE = 64,   /* l or w */
    FLAG_NARROW = 128 /* h */
};

/* The format text, of either width. */
struct format_text {
    const void *units;
    int wide;
    size_t at;
};

struct directive {
    unsigned flags;
    unsigned width;
    int precision; /* -1: none given */
    unsigned bits; /* of an integer */
    unsigned letter;
};

/* A va_list inside a structure can be passed by address whatever va_list is. */
struct arguments {
    va_list list;
};

static unsigned
text_peek(const struct format_text *text)
{
    if (text->wide)
        return ((const WCHAR *)text->units)[text->at];
    return ((const unsigned char *)text->units)[text->at];
}

static void
sink_put(struct format_sink *sink, unsigned unit)
{
    if (sink->count < sink->size) {
        if (sink->wide)
            ((WCHAR *)sink->buffer)[sink->count] = (WCHAR)unit;
        else
            ((unsigned char *)sink->buffer)[sink->count] = unit > 0xff ? '?' : (unsigned char)unit;
    }
    sink->count++;
}

static void
sink_fill(struct format_sink *sink, unsigned unit, size_t count)
{
    while (count-- != 0)
        sink_put(sink, unit);
}

static unsigned
read_number(struct format_text *text)
{
    unsigned value = 0;

    for (; text_peek(text) >= '0' && text_peek(text) <= '9'; text->at++) {
        if (value < 100000)
            value = value * 10 + (text_peek(text) - '0');
    }
    return value;
}

static unsigned
flag_of(unsigned unit)
{
    switch (unit) {
    case '-': return FLAG_LEFT;
    case '+': return FLAG_PLUS;
    case ' ': return FLAG_SPACE;
    case '#': return FLAG_HASH;
    case '0': return FLAG_ZERO;
    default: return 0;
    }
}

/* I, I32, I64: the text stands behind the I. */
static void
read_size_of_windows(struct format_text *text, struct directive *d)
{
    struct format_text next = *text;
    unsigned first = text_peek(text), second;

    d->bits = 64;
    if (first == 0)
        return;
    next.at++;
    second = text_peek(&next);
    if ((first == '3' && second == '2') || (first == '6' && second == '4')) {
        d->bits = first == '3' ? 32 : 64;
        text->at += 2;
    }
}

static void
read_size(struct format_text *text, struct directive *d)
{
    d->bits = 32;
    for (;;) {
        unsigned unit = text_peek(text);

        if (unit == 'h') {
            d->bits = d->flags & FLAG_NARROW ? 8 : 16;
            d->flags |= FLAG_NARROW;
        } else if (unit == 'l') {
            d->bits = d->flags & FLAG_WIDE ? 64 : 32;
            d->flags |= FLAG_WIDE;
        } else if (unit == 'w') {
            d->flags |= FLAG_WIDE;
        } else if (unit == 'z' || unit == 't' || unit == 'j') {
            d->bits = 64;
        } else if (unit == 'I') {
            text->at++;
            read_size_of_windows(text, d);
            continue;
        } else if (unit != 'L') {
            return;
        }
        text->at++;
    }
}

static void
read_directive(struct format_text *text, struct directive *d, struct arguments *arguments)
{
    d->flags = 0;
    for (; flag_of(text_peek(text)) != 0; text->at++)
        d->flags |= flag_of(text_peek(text));
    d->precision = -1;
    if (text_peek(text) == '*') {
        int width = va_arg(arguments->list, int);

        if (width < 0)
            d->flags |= FLAG_LEFT;
        d->width = width < 0 ? 0u - (unsigned)width : (unsigned)width;
        text->at++;
    } else {
        d->width = read_number(text);
    }
    if (text_peek(text) == '.') {
        text->at++;
        if (text_peek(text) == '*') {
            d->precision = va_arg(arguments->list, int);
            text->at++;
        } else {
            d->precision = (int)read_number(text);
        }
    }
    read_size(text, d);
    d->letter = text_peek(text);
    if (d->letter != 0)
        text->at++;
}

static void
put_padded(
    struct format_sink *sink, const struct directive *d, const void *units, int wide, size_t length)
{
    size_t padding = d->width > length ? d->width - length : 0, i;

    if (!(d->flags & FLAG_LEFT))
        sink_fill(sink, d->flags & FLAG_ZERO ? '0' : ' ', padding);
    for (i = 0; i < length; i++) {
        if (wide)
            sink_put(sink, ((const WCHAR *)units)[i]);
        else
            sink_put(sink, ((const unsigned char *)units)[i]);
    }
    if (d->flags & FLAG_LEFT)
        sink_fill(sink, ' ', padding);
}

/* Which width %c or %s means: l, w and h say it, else the format's own, or the other for capitals. */
static int
argument_is_wide(const struct directive *d, int format_wide)
{
    if (d->flags & FLAG_WIDE)
        return 1;
    if (d->flags & FLAG_NARROW)
        return 0;
    return d->letter == 'C' || d->letter == 'S' ? !format_wide : format_wide;
}

static void
put_string(struct format_sink *sink, const struct directive *d, const void *units, int wide)
{
    size_t limit = d->precision < 0 ? (size_t)-1 : (size_t)d->precision, length = 0;

    if (units == NULL) {
        units = "(null)";
        wide = 0;
    }
    if (wide) {
        while (length < limit && ((const WCHAR *)units)[length] != 0)
            length++;
    } else {
        while (length < limit && ((const char *)units)[length] != 0)
            length++;
    }
    put_padded(sink, d, units, wide, length);
}

static void
put_counted(struct format_sink *sink, const struct directive *d, const void *counted)
{
    int wide = (d->flags & FLAG_WIDE) != 0;
    const STRING *string = counted; /* UNICODE_STRING has the same shape */
    size_t length;

    if (string == NULL || string->Buffer == NULL) {
        put_string(sink, d, NULL, 0);
        return;
    }
    length = wide ? string->Length / sizeof(WCHAR) : string->Length;
    if (d->precision >= 0 && (size_t)d->precision < length)
        length = (size_t)d->precision;
    put_padded(sink, d, string->Buffer, wide, length);
}

static void
put_character(struct format_sink *sink, const struct directive *d, unsigned unit, int wide)
{
    WCHAR character = wide ? (WCHAR)unit : (WCHAR)(unit & 0xff);

    put_padded(sink, d, &character, 1, 1);
}

static void
put_integer(struct format_sink *sink, const struct directive *d, ULONGLONG value, unsigned base,
    const char *prefix)
{
    const char *set = d->flags & FLAG_UPPER ? "0123456789ABCDEF" : "0123456789abcdef";
    char digits[24];
    size_t count = 0, zeros = 0, head = 0, padding;

    for (; value != 0; value /= base)
        digits[count++] = set[value % base];
    if (count == 0 && d->precision != 0)
        digits[count++] = '0';
    while (prefix[head] != 0)
        head++;
    if (d->precision > (int)count)
        zeros = (size_t)d->precision - count;
    else if (d->precision < 0 && (d->flags & (FLAG_ZERO | FLAG_LEFT)) == FLAG_ZERO &&
             d->width > head + count)
        zeros = d->width - head - count;
    padding = d->width > head + zeros + count ? d->width - head - zeros - count : 0;
    if (!(d->flags & FLAG_LEFT))
        sink_fill(sink, ' ', padding);
    while (*prefix != 0)
        sink_put(sink, (unsigned char)*prefix++);
    sink_fill(sink, '0', zeros);
    while (count != 0)
        sink_put(sink, (unsigned char)digits[--count]);
    if (d->flags & FLAG_LEFT)
        sink_fill(sink, ' ', padding);
}

static ULONGLONG
fetch(const struct directive *d, struct arguments *arguments, int is_signed)
{
    ULONGLONG value;

    if (d->bits == 64)
        return va_arg(arguments->list, ULONGLONG);
    value = va_arg(arguments->list, unsigned);
    if (d->bits == 8)
        return is_signed ? (ULONGLONG)(LONGLONG)(signed char)value : (unsigned char)value;
    if (d->bits == 16)
        return is_signed ? (ULONGLONG)(LONGLONG)(short)value : (unsigned short)value;
    return is_signed ? (ULONGLONG)(LONGLONG)(int)value : value;
}

static void
put_signed(struct format_sink *sink, const struct directive *d, struct arguments *arguments)
{
    LONGLONG value = (LONGLONG)fetch(d, arguments, 1);
    const char *sign = "";

    if (value < 0)
        sign = "-";
    else if (d->flags & FLAG_PLUS)
        sign = "+";
    else if (d->flags & FLAG_SPACE)
        sign = " ";
    put_integer(sink, d, value < 0 ? 0 - (ULONGLONG)value : (ULONGLONG)value, 10, sign);
}

static void
put_unsigned(struct format_sink *sink, struct directive *d, struct arguments *arguments)
{
    ULONGLONG value = fetch(d, arguments, 0);
    unsigned base = d->letter == 'u' ? 10 : d->letter == 'o' ? 8 : 16;
    const char *prefix = "";

    if (d->letter == 'X')
        d->flags |= FLAG_UPPER;
    if (d->flags & FLAG_HASH && value != 0 && base != 10)
        prefix = base == 8 ? "0" : d->letter == 'X' ? "0X" : "0x";
    put_integer(sink, d, value, base, prefix);
}

static void
put_pointer(struct format_sink *sink, struct directive *d, struct arguments *arguments)
{
    d->flags |= FLAG_UPPER;
    d->precision = 16;
    put_integer(sink, d, (ULONGLONG)va_arg(arguments->list, void *), 16, "");
}

/* The directive from @start on, as it stands: a letter that means nothing, or floating point. */
static void
put_verbatim(struct format_sink *sink, struct format_text *text, size_t start)
{
    struct format_text again = {text->units, text->wide, start};

    for (; again.at < text->at; again.at++)
        sink_put(sink, text_peek(&again));
}

static void
put_directive(struct format_sink *sink, struct format_text *text, size_t start, struct directive *d,
    struct arguments *arguments)
{
    int wide = argument_is_wide(d, text->wide);

    switch (d->letter) {
    case 'd':
    case 'i': put_signed(sink, d, arguments); break;
    case 'u':
    case 'o':
    case 'x':
    case 'X': put_unsigned(sink, d, arguments); break;
    case 'p':
    case 'P': put_pointer(sink, d, arguments); break;
    case 'c':
    case 'C': put_character(sink, d, va_arg(arguments->list, unsigned), wide); break;
    case 's':
    case 'S': put_string(sink, d, va_arg(arguments->list, const void *), wide); break;
    case 'Z': put_counted(sink, d, va_arg(arguments->list, const void *)); break;
    case '%': sink_put(sink, '%'); break;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A': (void)va_arg(arguments->list, double); /* fall through */
    default: put_verbatim(sink, text, start); break;
    }
}

static void
format_all(struct format_sink *sink, struct format_text *text, struct arguments *arguments)
{
    while (text_peek(text) != 0) {
        struct directive d;
        size_t start = text->at;
        unsigned unit = text_peek(text);

        text->at++;
        if (unit != '%') {
            sink_put(sink, unit);
            continue;
        }
        read_directive(text, &d, arguments);
        put_directive(sink, text, start, &d, arguments);
    }
}

void
undis_format(struct format_sink *sink, const char *format, va_list list)
{
    struct format_text text = {format, 0, 0};
    struct arguments arguments;

    va_copy(arguments.list, list);
    format_all(sink, &text, &arguments);
    va_end(arguments.list);
}

void
undis_format_wide(struct format_sink *sink, const WCHAR *format, va_list list)
{
    struct format_text text = {format, 1, 0};
    struct arguments arguments;

    va_copy(arguments.list, list);
    format_all(sink, &text, &arguments);
    va_end(arguments.list);
}
