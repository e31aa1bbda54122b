/* fixture_zone: a zone that answers DNS queries. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_ZONE_H
#define FIXTURE_ZONE_H

#include "dns/dns.h"
#include "fixture_file.h"

/* Returns a dns with a zone of this text and the other settings in c. */
static inline struct dns *
dns_over(struct span zone, struct dns_config c, struct arena *a)
{
	int status, fd = file_of(zone);
	const char *path = path_of(fd, a);
	struct span error = SPAN_NONE;
	struct dns *d;

	c.zones = &path;
	c.nzones = 1;
	d = dns_new(&c, a, &error, &status);
	close(fd);
	if (!d)
		fail_msg(
		    SPAN_FMT "\n" SPAN_FMT, SPAN_ARG(zone), SPAN_ARG(error));
	return d;
}

static inline struct dns *
dns_of(struct span zone, struct arena *a)
{
	return dns_over(zone, (struct dns_config){.timeout = 5}, a);
}

#endif
