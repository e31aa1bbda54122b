/* fuzz_zone: reads a zone file, and looks up names in it. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns.h"
#include "fuzz.h"

#include <stdio.h>
#include <unistd.h>

/* Reads the zone from a path in /proc, which leads to an unlinked file. */
static void
ask(struct arena *a, const char *path)
{
	struct dns_config config = {.zones = &path, .nzones = 1, .timeout = 1};
	struct span error;
	int status;
	struct dns *d = dns_new(&config, a, &error, &status);

	if (!d)
		return;
	dns_begin(d);
	dns_query(d, SPAN("a.example"), DNS_TXT);
	dns_query(d, SPAN("b.a.example"), DNS_MX);
	dns_free(d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	FILE *file = tmpfile();

	if (file && fwrite(data, 1, size, file) == size && fflush(file) == 0)
		ask(a, arena_printf(a, "/proc/self/fd/%d", fileno(file)).p);
	if (file)
		fclose(file);
	arena_free(a);
	return 0;
}
