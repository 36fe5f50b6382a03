// Prints what libyaml makes of each document of a file, one line each: what it refuses after "!", and otherwise the tree as
// JSON in which all scalars are strings, a tab, and line and column of each scalar that is not empty.
// The file has for each document its length in bytes, a line end, and the document.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { DEPTH_MAX = 100, NODES_MAX = 100000 };

static yaml_document_t document;
static char *tree, *places;
static size_t tree_size, places_size;
static FILE *tree_stream, *places_stream;
static int nodes;
static int is_too_large;

static void print_string(const unsigned char *text, size_t length) {
    fputc('"', tree_stream);
    for (size_t index = 0; index < length;) {
        unsigned char first = text[index];
        int count = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        unsigned value = count == 1 ? first : first & (0x7F >> count);
        for (int next = 1; next < count; next++) value = value << 6 | (text[index + next] & 0x3F);
        index += count;
        if (value == '"' || value == '\\') fprintf(tree_stream, "\\%c", value);
        else if (value >= 0x20 && value < 0x7F) fputc(value, tree_stream);
        else if (value < 0x10000) fprintf(tree_stream, "\\u%04x", value);
        else fprintf(tree_stream, "\\u%04x\\u%04x", 0xD800 + ((value - 0x10000) >> 10), 0xDC00 + ((value - 0x10000) & 0x3FF));
    }
    fputc('"', tree_stream);
}

static void print_node(int index, int depth) {
    yaml_node_t *node = yaml_document_get_node(&document, index);
    if (depth > DEPTH_MAX || ++nodes > NODES_MAX) { is_too_large = 1; return; }
    if (node->type == YAML_SCALAR_NODE) {
        print_string(node->data.scalar.value, node->data.scalar.length);
        if (node->data.scalar.length > 0 || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
            fprintf(places_stream, " %zu:%zu", node->start_mark.line + 1, node->start_mark.column + 1);
    } else if (node->type == YAML_SEQUENCE_NODE) {
        fputc('[', tree_stream);
        for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
            if (item > node->data.sequence.items.start) fputc(',', tree_stream);
            print_node(*item, depth + 1);
        }
        fputc(']', tree_stream);
    } else {
        fputc('{', tree_stream);
        for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
            if (pair > node->data.mapping.pairs.start) fputc(',', tree_stream);
            print_node(pair->key, depth + 1);
            fputc(':', tree_stream);
            print_node(pair->value, depth + 1);
        }
        fputc('}', tree_stream);
    }
}

static void refuse(yaml_parser_t *parser) {
    printf("!%zu:%zu %s\n", parser->problem_mark.line + 1, parser->problem_mark.column + 1,
        parser->problem ? parser->problem : "refused");
}

static void print_document(const unsigned char *bytes, size_t length) {
    yaml_parser_t parser;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(&parser, bytes, length);
    if (!yaml_parser_load(&parser, &document)) { refuse(&parser); yaml_parser_delete(&parser); return; }
    yaml_document_t next;
    int has_root = yaml_document_get_root_node(&document) != NULL;
    if (has_root && !yaml_parser_load(&parser, &next)) { refuse(&parser); goto done; }
    if (has_root) {
        int is_last = yaml_document_get_root_node(&next) == NULL;
        yaml_document_delete(&next);
        if (!is_last) { puts("!several documents"); goto done; }
    }
    nodes = is_too_large = 0;
    tree_stream = open_memstream(&tree, &tree_size);
    places_stream = open_memstream(&places, &places_size);
    // 1 is the root.
    if (has_root) print_node(1, 0); else print_string((const unsigned char *)"", 0);
    fclose(tree_stream);
    fclose(places_stream);
    if (is_too_large) puts("!too large"); else printf("%s\t%s\n", tree, places_size > 0 ? places + 1 : "");
    free(tree);
    free(places);
done:
    yaml_document_delete(&document);
    yaml_parser_delete(&parser);
}

int main(int count, char **arguments) {
    size_t length;
    if (count != 3 || !freopen(arguments[1], "rb", stdin) || !freopen(arguments[2], "wb", stdout)) return 2;
    while (scanf("%zu", &length) == 1 && getchar() == '\n') {
        unsigned char *bytes = malloc(length + 1);
        if (!bytes || fread(bytes, 1, length, stdin) != length) return 3;
        print_document(bytes, length);
        free(bytes);
    }
    return feof(stdin) && fflush(stdout) == 0 ? 0 : 4;
}
