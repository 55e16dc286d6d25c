/* SPDX-License-Identifier: MIT */
/* See gain.h. */
#include "gain.h"

#include <stdio.h>
#include <string.h>

static double
gain(const struct row *row)
{
    return row->scale[1] / row->scale[0];
}

static double
ideal_gain(const struct row *row)
{
    return row->f > 0.5 ? 2 * row->f : 1;
}

void
gain_print_head(void)
{
    puts("   c ns     f   serialized  of ideal   deserialized   gain   ideal gain");
}

void
gain_print(const struct row *row)
{
    printf("  %5u  %4.2f   %10.2f  %7.0f %%   %12.2f   %4.2f   %10.2f\n", row->c, row->f,
        row->scale[0], 100 * row->scale[0] / row->ideal, row->scale[1], gain(row), ideal_gain(row));
    fflush(stdout);
}

/* gain from 1 to 2 over f from 0 to 1: * measured, . ideal */
void
gain_plot(const struct row *rows, unsigned count)
{
    enum { WIDTH = 61, HEIGHT = 13 };
    char cells[HEIGHT][WIDTH + 1];

    memset(cells, ' ', sizeof(cells));
    for (unsigned x = 0; x < WIDTH; x++) {
        double f = (double)x / (WIDTH - 1), g = f > 0.5 ? 2 * f : 1;

        cells[(unsigned)((2.2 - g) / 1.4 * (HEIGHT - 1) + 0.5)][x] = '.';
    }
    for (unsigned i = 0; i < count; i++) {
        double y = (2.2 - gain(&rows[i])) / 1.4 * (HEIGHT - 1) + 0.5;
        unsigned x = (unsigned)(rows[i].f * (WIDTH - 1) + 0.5);

        if (y >= 0 && y < HEIGHT && x < WIDTH)
            cells[(unsigned)y][x] = '*';
    }
    puts("\ngain of deserialized over serialized (* measured, . ideal: max(1, 2f))");
    for (unsigned y = 0; y < HEIGHT; y++) {
        cells[y][WIDTH] = 0;
        printf("%5.2f |%s\n", 2.2 - 1.4 * y / (HEIGHT - 1), cells[y]);
    }
    puts("      +-------------------------------------------------------------");
    puts("      f 0             0.25            0.5            0.75           1");
}

int
gain_write_svg(const char *path, const struct row *rows, unsigned count)
{
    FILE *file = fopen(path, "w");

    if (!file) {
        perror(path);
        return 1;
    }
    fputs("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 560 360\" "
          "font-family=\"sans-serif\" font-size=\"12\">\n"
          "<rect width=\"560\" height=\"360\" fill=\"white\"/>\n"
          "<path d=\"M60 20V310H540\" fill=\"none\" stroke=\"black\"/>\n"
          "<text x=\"230\" y=\"348\">f: locked share of the work</text>\n"
          "<text x=\"70\" y=\"16\">gain of deserialized over serialized, 2 cores</text>\n",
        file);
    for (unsigned i = 0; i <= 4; i++)
        fprintf(file, "<text x=\"%u\" y=\"328\">%.2f</text><text x=\"22\" y=\"%u\">%.2f</text>\n",
            50 + i * 120, i / 4.0, 314 - i * 60, 0.8 + i * 0.3);
    fputs("<polyline points=\"60,270 300,270 540,70\" fill=\"none\" stroke=\"gray\" "
          "stroke-dasharray=\"4\"/>\n",
        file);
    for (unsigned i = 0; i < count; i++)
        fprintf(file, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"steelblue\"/>\n",
            60 + 480 * rows[i].f, 310 - 200 * (gain(&rows[i]) - 0.8));
    fputs("</svg>\n", file);
    return fclose(file);
}
