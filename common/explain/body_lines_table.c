/* body_lines_table: repairs of lines. */
/* SPDX-License-Identifier: ISC */

#include "explain/body_internal.h"

const struct body_repair body_lines_repairs[] = {{{.id = NULL}, NULL}};
