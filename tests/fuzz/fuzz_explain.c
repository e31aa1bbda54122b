/* fuzz_explain: explains the signatures of a message that do not verify. */
/* SPDX-License-Identifier: ISC */

/* The keys are those of data/keys/keys.zone, so that a message signed by them
 * can be altered. What is reported is true: the message as it was signed
 * verifies. */

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#include "explain/explain.h"
#include "fuzz.h"

#define NOW 1795176000

static const char zone[] =
    "r1024._domainkey.example.org. TXT \"v=DKIM1; p=\" "
    "\"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDBsElSE7iq5H0S6rRlAfIqpXG6\" "
    "\"GjI3q6y78Y7u4yzzsKFJgdFmDgXRgm40CnoMQlijQe0bQzefXOZx8wKoI5spOXWD\" "
    "\"DlBbbxyDoKr1Pu3GDEx6uKgQGTRz4MHyAENnFOGua7fDuHVR+YOvkJC2+qqmN/X8\" "
    "\"/vnAG7QagLb1U6ZThQIDAQAB\"\n"
    "ed._domainkey.example.org. TXT \"v=DKIM1; k=ed25519; "
    "p=JgtFjDteM+uQwcPbzjZUhTPPvUOiLcviKq5yGTfIKcM=\"\n";

/* Returns the zone, which is never freed. Nothing is sent to the network. */
static struct dns *
dns_of_zone(void)
{
	static struct dns *dns;
	static struct arena *a;
	char path[32];
	const char *zones[] = {path};
	struct dns_config config = {.zones = zones, .nzones = 1, .timeout = 20};
	struct span error;
	int status, fd;

	if (dns)
		return dns;
	fd = fuzz_file(span_of(zone));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	a = arena_new();
	dns = dns_new(&config, a, &error, &status);
	close(fd);
	assert(dns);
	return dns;
}

/* A message that has been verified. */
struct verified {
	int fd;
	struct source source;
	struct message m;
	struct dkim_verifier *v; /* NULL: it cannot be read */
	struct sink_buf body;
	const struct result *results;
	size_t n;
};

static void
verify_message(struct verified *x, struct span text, struct arena *a)
{
	const struct dkim_policy policy = {.max_signatures = 10, .now = NOW};
	struct sink *const *hashes;
	struct sink **sinks;
	size_t n;

	x->fd = fuzz_file(text);
	assert(source_init(&x->source, x->fd) == 0);
	if (message_read(&x->m, &x->source, a) != MESSAGE_OK)
		return;
	dns_begin(dns_of_zone());
	x->v = dkim_verify_begin(&x->m, dns_of_zone(), &policy);
	n = dkim_verify_sinks(x->v, &hashes);
	sinks = ARENA_ARRAY(a, struct sink *, n + 1);
	for (size_t i = 0; i < n; i++)
		sinks[i] = hashes[i];
	x->body = sink_to_buf(a);
	sinks[n] = &x->body.sink;
	assert(message_body(&x->m, sinks, n + 1, false) == 0);
	x->n = dkim_verify_end(x->v, &x->results);
}

static void
forget(struct verified *x)
{
	message_free(&x->m);
	close(x->fd);
}

/* Does a signature of the message verify, whatever the policy is? */
static bool
verifies(struct span text, struct arena *a)
{
	struct verified x = {.v = NULL};
	bool found = false;

	verify_message(&x, text, a);
	for (size_t i = 1; x.v && i <= dkim_verify_count(x.v); i++) {
		struct dkim_outcome o = dkim_verify_outcome(x.v, i);

		found = found ||
		    (o.header_intact &&
			span_eq(o.body, o.signature->body_hash));
	}
	forget(&x);
	return found;
}

static void
show(const struct verified *x, const struct explanation *e, struct arena *a)
{
	struct span body = buf_span(&x->body.buf);
	struct sink_buf out = sink_to_buf(a);
	struct result r = {.method = "dkim"};

	explain_text(&x->m, e, &r);
	json_decref(explain_json(&x->m, body, e, a));
	if (explain_repaired(&x->m, body, e, &out.sink))
		assert(verifies(buf_span(&out.buf), a));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct verified x = {.v = NULL};
	const struct explain_options options = {
	    .budget = {.octets = 1u << 20, .verifications = 10},
	    .now = NOW,
	    .dns = dns_of_zone()};
	const struct explanation *list;
	size_t n;

	verify_message(&x, fuzz_span(data, size), a);
	if (x.v) {
		n = explain(&x.m, buf_span(&x.body.buf), x.v, &options, &list);
		assert(n == dkim_verify_count(x.v));
		for (size_t i = 0; i < n; i++)
			show(&x, &list[i], a);
	}
	forget(&x);
	return 0;
}
