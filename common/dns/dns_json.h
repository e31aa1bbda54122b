/* dns_json: answers of the DNS in JSON. */
#ifndef DNS_JSON_H
#define DNS_JSON_H

#include "base/json.h"
#include "dns/dns.h"

/* {"name", "type", "status", "records": [...]}, a new reference. */
json_t *dns_answer_json(const struct dns_answer *answer, struct arena *a);

#endif
