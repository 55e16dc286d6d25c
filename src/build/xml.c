/* SPDX-License-Identifier: MIT */
/* xml.c - an XML file as a tree */
#include "build/xml.h"

#include <errno.h>
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_LIMIT 64

struct xml_reader {
    XML_Parser parser;
    struct xml_node *open[DEPTH_LIMIT]; /* open[0] holds the root */
    size_t depth;
};

static void
xml_append(struct xml_node *parent, struct xml_node *child)
{
    if (parent->count == parent->room) {
        parent->room = parent->room ? parent->room * 2 : 8;
        parent->children = memory_resize(parent->children, parent->room, sizeof(struct xml_node *));
    }
    parent->children[parent->count++] = child;
}

static struct xml_node *
xml_node_create(const char *name)
{
    struct xml_node *node = memory_resize(NULL, 1, sizeof(*node));

    *node = (struct xml_node){.name = string_copy(name)};
    text_add(&node->text, "", 0);
    return node;
}

static void
element_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct xml_reader *reader = user;
    struct xml_node *node;

    if (reader->depth + 1 >= DEPTH_LIMIT) {
        XML_StopParser(reader->parser, XML_FALSE);
        return;
    }
    node = xml_node_create(name);
    words_add_list(&node->attributes, attributes);
    xml_append(reader->open[reader->depth], node);
    reader->open[++reader->depth] = node;
}

static void
element_end(void *user, const XML_Char *name)
{
    struct xml_reader *reader = user;

    (void)name;
    reader->depth--;
}

static void
element_text(void *user, const XML_Char *bytes, int length)
{
    struct xml_reader *reader = user;

    text_add(&reader->open[reader->depth]->text, bytes, (size_t)length);
}

struct xml_node *
xml_read(const char *path, char **error)
{
    struct xml_reader reader = {0};
    struct text text = {0};
    int failed = text_read_file(&text, path);

    if (failed) {
        *error = string_format("%s", strerror(-failed));
        text_free(&text);
        return NULL;
    }
    reader.open[0] = xml_node_create("");
    reader.parser = XML_ParserCreate(NULL);
    XML_SetUserData(reader.parser, &reader);
    XML_SetElementHandler(reader.parser, element_start, element_end);
    XML_SetCharacterDataHandler(reader.parser, element_text);
    if (XML_Parse(reader.parser, text.bytes, (int)text.length, 1) != XML_STATUS_OK) {
        *error = string_format("%lu: %s", XML_GetCurrentLineNumber(reader.parser),
            XML_ErrorString(XML_GetErrorCode(reader.parser)));
        xml_free(reader.open[0]);
        reader.open[0] = NULL;
    }
    XML_ParserFree(reader.parser);
    text_free(&text);
    return reader.open[0];
}

const char *
xml_attribute(const struct xml_node *node, const char *name)
{
    for (size_t i = 0; i + 1 < node->attributes.count; i += 2)
        if (!strcmp(node->attributes.items[i], name))
            return node->attributes.items[i + 1];
    return NULL;
}

void
xml_free(struct xml_node *node)
{
    for (size_t i = 0; i < node->count; i++)
        xml_free(node->children[i]);
    free(node->children);
    free(node->name);
    words_free(&node->attributes);
    text_free(&node->text);
    free(node);
}
