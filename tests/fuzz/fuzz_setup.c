/* fuzz_setup: checks the mail set-up of example.org in a zone, and what is
 * proposed for it. */
/* SPDX-License-Identifier: ISC */

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "lint/mail_setup.h"

#define DOMAIN SPAN("example.org")

/* Reads a zone from a path in /proc, which leads to no directory. Returns NULL
 * if it is not one. */
static struct dns *
zone_of(struct span text, struct arena *a)
{
	int fd = memfd_create("zone", MFD_CLOEXEC), status;
	const char *path = arena_printf(a, "/proc/self/fd/%d", fd).p;
	const struct dns_config config = {
	    .zones = &path, .nzones = 1, .timeout = 1};
	struct span error;
	struct dns *dns;

	if (fd < 0 || write(fd, text.p, text.len) != (ssize_t)text.len)
		abort();
	dns = dns_new(&config, a, &error, &status);
	close(fd);
	return dns;
}

/* Read from a zone, the line is the record that was meant, and no other. */
static void
check_line(struct span name, struct span text, struct arena *a)
{
	struct span line = question_zone_line(name, text, a);
	struct dns *dns = zone_of(line, a);
	const struct dns_answer *answer;

	assert(span_is_ascii(line) && span_find(line, '\n') == line.len);
	assert(dns);
	dns_begin(dns);
	answer = dns_query(dns, name, DNS_TXT);
	assert(answer->status == DNS_DATA && answer->nrecords == 1);
	assert(span_eq(answer->records[0].data, text));
	dns_free(dns);
}

static void
check_question(const struct question *q, struct arena *a)
{
	assert(q->answer != ANSWER_NO || (q->proof.len && q->mend.len));
	for (size_t i = 0; q->change && i <= q->nmore; i++)
		if (q->change[i].add.p)
			check_line(q->change[i].name, q->change[i].add, a);
}

static void
check(struct dns *dns, struct arena *a)
{
	static const struct dkim_lint_selector selectors[] = {
	    {.selector = {"s1", 2}, .source = DKIM_LINT_NAMED},
	    {.selector = {"s2", 2}, .source = DKIM_LINT_SEEN}};
	static const struct vbr_certifier certifier = {
	    .host = {"vouch.example", 13}};
	struct mail_setup_method method = {
	    .dmarc = {.dns = dns, .arena = a, .compare = psl_builtin()},
	    .selectors = selectors,
	    .nselectors = COUNT(selectors),
	    .certifiers = &certifier,
	    .ncertifiers = 1};
	struct mail_setup s;

	for (size_t i = 0; i < MAIL_SETUP_SECTIONS; i++)
		method.asked[i] = true;
	mail_setup(&method, DOMAIN, &s);
	assert(s.low <= s.high && s.high <= s.of && s.of == QUESTION_COUNT);
	for (size_t i = 0; i < QUESTION_COUNT; i++)
		check_question(&s.questions[i], a);
	for (size_t i = 0; i < s.dkim.nchanges; i++)
		check_line(s.dkim.changes[i].name, s.dkim.changes[i].add, a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct dns *dns = zone_of(fuzz_span(data, size), a);

	if (dns) {
		dns_limit(dns, 60);
		dns_begin(dns);
		check(dns, a);
		dns_free(dns);
	}
	arena_free(a);
	return 0;
}
