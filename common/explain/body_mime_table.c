/* body_mime_table: repairs of MIME. */
/* SPDX-License-Identifier: ISC */

#include "explain/body_internal.h"

const struct body_repair body_mime_repairs[] = {{{.id = NULL}, NULL}};
