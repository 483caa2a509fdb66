/*
 * inventory: the hosts and domains that a document of inventory/ names, whatever its form: hl's own
 * and Ansible's as YAML or JSON, or a list of names such as /etc/hosts or an INI file.
 */
#ifndef HL_DOC_INVENTORY_H
#define HL_DOC_INVENTORY_H

#include <jansson.h>

#include "base/str.h"
#include "base/words.h"

struct inventory {
	struct words hosts, domains;
};

/*
 * Adds what stands below hosts, nodes, machines, servers, devices, vms, containers or guests (names
 * of members, texts, and `name` of objects), beside host, hostname, fqdn, node, alias and the like,
 * and beside domain and search; and the `name` of the document. A host with a domain adds that, too.
 */
void inventory_tree(struct inventory *i, const json_t *tree);

/* Adds the first word of each line, or the words behind an address. '#' and ';' start comments. */
void inventory_text(struct inventory *i, struct str text);

void inventory_host(struct inventory *i, struct str name); /* which may have a domain or a port */
void inventory_clear(struct inventory *i);

#endif
