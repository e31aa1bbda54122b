/* Addresses; what is accepted must be accepted again as it is written. */
#include <assert.h>

#include "fuzz.h"
#include "mailbox.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct mailbox *list, again;
	size_t n;

	if (mailbox_parse_list(fuzz_span(data, size), 10, a, &list, &n) ==
	    MAILBOX_OK)
		for (size_t i = 0; i < n; i++) {
			struct span text = mailbox_text(&list[i], a);

			assert(
			    mailbox_parse(text, true, a, &again) == MAILBOX_OK);
			assert(span_eq(again.domain, list[i].domain));
		}
	arena_free(a);
	return 0;
}
