/* Addresses; what is accepted must be accepted again as it is written. */
#include <assert.h>

#include "fuzz.h"
#include "mailbox.h"

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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct mailbox *list, one;
	size_t n;

	mailbox_parse(fuzz_span(data, size), true, a, &one);
	if (mailbox_parse_list(fuzz_span(data, size), 10, a, &list, &n) ==
	    MAILBOX_OK)
		for (size_t i = 0; i < n; i++)
			check_again(&list[i], a);
	arena_free(a);
	return 0;
}
