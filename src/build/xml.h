/* SPDX-License-Identifier: MIT */
/* xml.h - an XML file as a tree */
#ifndef BUILD_XML_H
#define BUILD_XML_H

#include "build/text.h"

struct xml_node {
    char *name;
    struct words attributes; /* name, value, name, value ... */
    struct text text;        /* the element's own, without its children's */
    struct xml_node **children;
    size_t count;
    size_t room;
};

/* NULL with *error, which the caller frees: "12: mismatched tag". */
struct xml_node *xml_read(const char *path, char **error);
const char *xml_attribute(const struct xml_node *node, const char *name);
void xml_free(struct xml_node *node);

#endif
