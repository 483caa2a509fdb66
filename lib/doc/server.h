/*
 * server: the MCP servers that a toolset declares, and the tools that are theirs; hl-toolset(5).
 *
 *	servers:
 *	  files: {run: [mcp-server-filesystem, "{env.FILES_ROOT}"], env: {TOKEN: "{secret.files}"}}
 *	  notes: {url: "http://127.0.0.1:3000/mcp", headers: {X-Key: "{secret.notes}"}}
 *	tools:
 *	  - name: files.read
 *	    mcp: {server: files, tool: read_text_file, pin: "..."}
 */
#ifndef HL_DOC_SERVER_H
#define HL_DOC_SERVER_H

#include "json/node.h"

/* Checks the value of `servers:`; absent is fine. */
int servers_check(const struct node *servers, struct err *e);

/* Checks the value of a tool's `mcp:`; the server must be among `servers`. */
int server_check_call(const struct node *call, const struct node *servers, struct err *e);

#endif
