/* fuzz_tool: evaluates DMARC for a message, and writes the result. */
/* SPDX-License-Identifier: ISC */

/* The input is a zone, a line "%%", and a message; or without that line a
 * message alone, with a fixed zone. The Authentication-Results field that is
 * written must be read as it was meant. */

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../cmd/dmarc-eval/evaluate.h"
#include "mail/authres.h"
#include "fuzz.h"

#define ID   "mx.example.net"
#define LINE 998 /* RFC 5322 2.1.1 */

static const char usual_zone[] =
    "evil.example. TXT \"v=spf1 +all\"\n"
    "bank.example. TXT \"v=spf1 ip4:192.0.2.1 -all\"\n"
    "_dmarc.bank.example. TXT \"v=DMARC1; p=reject\"\n"
    "_dmarc.evil.example. TXT \"v=DMARC1; p=none\"\n"
    "e._domainkey.evil.example. TXT \"v=DKIM1; k=ed25519; "
    "p=JgtFjDteM+uQwcPbzjZUhTPPvUOiLcviKq5yGTfIKcM=\"\n";

/* Returns NULL if the text is not a valid zone. Nothing is sent to the
 * network. */
static struct dns *
dns_of(struct span zone, struct arena *a)
{
	char path[32];
	const char *zones[] = {path};
	struct dns_config config = {.zones = zones, .nzones = 1, .timeout = 20};
	struct span error;
	struct dns *dns;
	int status, fd = fuzz_file(zone);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	dns = dns_new(&config, a, &error, &status);
	close(fd);
	return dns;
}

/* Returns the fixed zone, which is never freed. */
static struct dns *
usual(void)
{
	static struct dns *dns;
	static struct arena *a;

	if (!dns) {
		a = arena_new();
		dns = dns_of(span_of(usual_zone), a);
		assert(dns);
	}
	return dns;
}

static bool
occurs(struct span text, struct span in)
{
	for (; in.len >= text.len; in = span_from(in, 1))
		if (span_starts(in, text))
			return true;
	return false;
}

/* Checks the field: the library reads the same results from it, and it has no
 * encoded-word (RFC 2047) that a reader would decode. */
static void
written(const struct result *list, size_t n, const char *eol, struct arena *a)
{
	struct span field = authres_compose(SPAN(ID), list, n, eol, a);
	struct field f = field_split(field);
	struct authres read;

	assert(authres_is_name(f.name));
	assert(authres_parse(f.body, a, &read));
	assert(span_eq(read.id, SPAN(ID)) && read.nresults == n);
	for (size_t i = 0; i < n; i++) {
		const char *name = result_name(list[i].code);

		assert(
		    span_eq(read.results[i].method, span_of(list[i].method)));
		assert(span_eq(read.results[i].result, span_of(name)));
	}
	assert(!occurs(SPAN("=?"), field));
	while (field.len) {
		size_t line = field_line_length(field);

		assert(line && line <= LINE + strlen(eol));
		field = span_from(field, line);
	}
}

static void
evaluate(struct dns *dns, struct message *m, struct arena *a)
{
	static struct evaluate tool;
	const struct envelope_trust trust = {
	    .received_by = SPAN(ID), .assume = true};
	struct checker_message cm = {.tool = &tool,
	    .m = m,
	    .receiver = SPAN(ID),
	    .dns = dns,
	    .arena = a,
	    .now = 1795176000,
	    .verbose = true};
	const struct result *list;
	struct sink *const *sinks;
	void *state;
	size_t n;

	envelope_find(&cm.envelope, m, &trust, a);
	state = evaluate_begin(&cm, &sinks, &n);
	assert(message_body(m, sinks, n, false) == 0);
	n = evaluate_end(state, &list);
	assert(n > 0 && !strcmp(list[0].method, "dmarc"));
	written(list, n, m->eol, a);
}

static void
receive(struct dns *dns, struct span text, struct arena *a)
{
	int fd = fuzz_file(text);
	struct source source;
	struct message m;

	assert(source_init(&source, fd) == 0);
	dns_begin(dns);
	if (message_read(&m, &source, a) == MESSAGE_OK)
		evaluate(dns, &m, a);
	message_free(&m);
	close(fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct span text = fuzz_span(data, size), zone = text;
	struct dns *dns = NULL;
	size_t n = 0;

	while (n < text.len && !span_starts(span_from(text, n), SPAN("\n%%\n")))
		n++;
	if (n < text.len) {
		zone = span_upto(text, n + 1);
		text = span_from(text, n + 4);
		dns = dns_of(zone, a);
	}
	receive(dns ? dns : usual(), text, a);
	if (dns)
		dns_free(dns);
	arena_free(a);
	return 0;
}
