/* dns_json: DNS answers in JSON. */
/* SPDX-License-Identifier: ISC */
#ifndef DNS_JSON_H
#define DNS_JSON_H

#include "base/json.h"
#include "dns/dns.h"

/* Returns {"name", "type", "status", "records": [...]}, a new reference. */
json_t *dns_answer_json(const struct dns_answer *answer, struct arena *a);

#endif
