/* fuzz_mailbox: parses addresses, strictly and tolerantly. */
/* SPDX-License-Identifier: ISC */

/* An address that is accepted must be accepted again as it is written, its
 * domain must be among those that any reader could find, and with tolerant
 * parsing it must be the only one. */

#include <assert.h>

#include "base/domain.h"
#include "fuzz.h"
#include "mail/mailbox.h"

/* At most 16 readings of each "@", and a hundred of them. */
#define MANY 100
#define MOST (16 * MANY)

static void
check_again(const struct mailbox *m, struct arena *a)
{
	struct mailbox *again;
	size_t n;

	assert(mailbox_parse_list(mailbox_text(m, a), 1, a, &again, &n) ==
	    MAILBOX_OK);
	assert(span_eq(again->local, m->local));
	assert(span_eq(again->domain, m->domain));
}

static size_t
count(struct span s, char c)
{
	size_t n = 0;

	while (span_cut(&s, c), s.p)
		n++;
	return n;
}

static void
check_readable(struct span text, struct span domain, struct arena *a)
{
	struct span list[MOST];
	struct mailbox_found f = {list, 0, MOST, 0};

	mailbox_domains(text, a, &f);
	assert(f.ndomains <= MOST);
	for (size_t i = 0; i < f.ndomains; i++) {
		assert(span_eq(list[i], domain_normal(list[i], a)));
		for (size_t k = 0; k < i; k++)
			assert(!span_eq(list[i], list[k]));
		if (span_eq(list[i], domain))
			return;
	}
	assert(!domain.p);
}

/* Without quotes and comments, the text after each "@" is the domain. */
static void
check_plain(struct span text, struct span domain, struct arena *a)
{
	if (count(text, '"') || count(text, '('))
		return;
	while (span_cut(&text, '@'), text.p) {
		size_t n = 0;

		while (n < text.len && text.p[n] != '@' && text.p[n] != '<' &&
		    text.p[n] != '>' && text.p[n] != ',' && text.p[n] != ' ' &&
		    text.p[n] != ';' && text.p[n] != ':' && text.p[n] != '\t' &&
		    text.p[n] != '\r' && text.p[n] != '\n' &&
		    text.p[n] != '[' && text.p[n] != ']')
			n++;
		assert(span_eq(domain_normal(span_upto(text, n), a), domain));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct span text = fuzz_span(data, size);
	bool few = count(text, '@') <= MANY;
	struct mailbox *list, one;
	size_t n;

	mailbox_parse(text, true, a, &one);
	mailbox_unread(text, 10, a);
	check_readable(text, SPAN_NONE, a);
	if (mailbox_parse_list(text, 10, a, &list, &n) == MAILBOX_OK)
		for (size_t i = 0; i < n; i++) {
			check_again(&list[i], a);
			if (few)
				check_readable(text, list[i].domain, a);
		}
	if (mailbox_parse_tolerant(text, a, &one)) {
		check_again(&one, a);
		check_readable(text, one.domain, a);
		check_plain(text, one.domain, a);
	}
	arena_free(a);
	return 0;
}
