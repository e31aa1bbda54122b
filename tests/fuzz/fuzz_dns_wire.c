/* fuzz_dns_wire: parses a reply from the network. */
/* SPDX-License-Identifier: ISC */

/* The first octet selects the type that was queried. Records from the reply can
 * be shown, and are within the limit. */

#include "fuzz.h"

#include <assert.h>

#include "base/ascii.h"
#include "dns/dns_internal.h"
#include "base/limit.h"

static const enum dns_type types[] = {DNS_TXT, DNS_A, DNS_AAAA, DNS_MX, DNS_PTR,
    DNS_NS, DNS_SOA, DNS_CNAME, (enum dns_type)99};

static void
check_record(const struct dns_rr *r, enum dns_type type, struct arena *a)
{
	struct span text = dns_rr_text(r, a), octets;

	assert(r->type == type || r->type == DNS_CNAME);
	assert(r->data.p && r->owner.len <= 4 * LIMIT_DNS_NAME);
	assert(r->type != DNS_A || r->data.len == 4);
	assert(r->type != DNS_AAAA || r->data.len == 16);
	for (size_t i = 0; i < text.len; i++)
		assert(text.p[i] == ' ' || ascii_is_vchar(text.p[i]));
	dns_name_octets(r->owner, a, &octets);
}

static void
parse(struct span message, enum dns_type type, size_t room)
{
	const unsigned char *p = (const unsigned char *)message.p;
	struct arena *a = arena_new();
	struct dns_reply reply;
	bool retry;

	dns_wire_parse(
	    p, message.len, SPAN("a.example"), type, room, a, &reply, &retry);
	assert(reply.octets <= room);
	assert(!dns_unknown(reply.status) || !reply.nrecords);
	assert(reply.status != DNS_DATA || reply.nrecords);
	for (size_t i = 0; i < reply.nrecords; i++)
		check_record(&reply.records[i], type, a);
	arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span message;
	enum dns_type type;

	if (!size)
		return 0;
	message = fuzz_span(data + 1, size - 1);
	type = types[data[0] % (COUNT(types))];
	parse(message, type, LIMIT_DNS_LARGE);
	parse(message, type, 1000);
	return 0;
}
