/* explain_advice: what sender and relay could do. */
/* SPDX-License-Identifier: ISC */

#include "explain/explain_internal.h"

/* By enum repair_advice. */
static const struct advice {
	const char *id;
	const char *sender; /* or NULL */
	const char *relay;  /* or NULL */
} advices[REPAIR_ADVICES] = {
    [REPAIR_ADVICE_RELAXED] = {"relaxed",
	"sign with dkim-sign -c relaxed/relaxed, which tolerates other white "
	"space",
	"leave white space as it is"},
    [REPAIR_ADVICE_LIST] = {"list",
	"sign with dkim-sign --profile=list, so that Reply-To, Sender and the "
	"like may be added",
	"leave the fields that authors write as they are"},
    [REPAIR_ADVICE_REWRITE] = {"rewrite",
	"let people write to lists from a domain without p=reject",
	"leave Subject and text as they are, or put the list into From and "
	"sign with its domain"},
    [REPAIR_ADVICE_AFTER] = {"after",
	"if the text was altered on your side, sign after that step",
	"verify messages before they are altered, and pass the result on in "
	"Authentication-Results"},
    [REPAIR_ADVICE_LINES] = {"lines",
	"send lines of at most 998 octets, so that none has to be broken",
	NULL},
    [REPAIR_ADVICE_SEVEN] = {"seven-bit",
	"send quoted-printable or base64, so that no relay has to convert "
	"8-bit text",
	"take and pass on 8-bit text as it is (8BITMIME)"},
    [REPAIR_ADVICE_COMPLETE] = {"complete",
	"add Date, Message-ID and MIME-Version before signing, so that no "
	"relay has to",
	"add missing fields only to mail of your own users"},
    [REPAIR_ADVICE_ARCHIVE] = {"archive", NULL,
	"verify messages before they are stored: what is altered here is the "
	"stored copy"},
    [REPAIR_ADVICE_RELAY] = {"relay",
	"tell the operator of the relay what is shown above",
	"pass signed messages on unchanged"},
    [REPAIR_ADVICE_WHOLE] = {"whole", "sign the whole body, without l=", NULL},
    [REPAIR_ADVICE_KEY] = {"key",
	"publish a key for as long as mail that it signed is on its way; "
	"dkim-key check tests it",
	NULL},
    [REPAIR_ADVICE_FROM] = {"from", NULL,
	"sign with the domain of the address that is in From now"},
    [REPAIR_ADVICE_PAIR] = {"pair",
	"sign with the key that is published; dkim-key check -k KEYFILE "
	"compares them",
	NULL},
    [REPAIR_ADVICE_TIME] = {"time",
	"let signatures live longer: dkim-sign -x 14d", NULL},
    [REPAIR_ADVICE_CLOCK] = {"clock", "set the clock of the signing host",
	NULL},
    [REPAIR_ADVICE_COMPARE] = {"compare",
	"keep copies of what is sent: --original=COPY shows what differs",
	NULL},
};

static const char *
relay_name(const struct explanation *x, enum repair_advice advice)
{
	const char *name = context_name(x->context.software);

	if (advice == REPAIR_ADVICE_ARCHIVE)
		return "archive";
	return name ? name : "relay";
}

/* What a list does to a text, others do for other reasons. */
static enum repair_advice
suited(const struct explanation *x, enum repair_advice advice)
{
	bool of_list = x->context.software == CONTEXT_LIST;

	if (of_list && advice == REPAIR_ADVICE_AFTER)
		return REPAIR_ADVICE_REWRITE;
	if (!of_list && advice == REPAIR_ADVICE_REWRITE)
		return REPAIR_ADVICE_AFTER;
	return advice;
}

/* What could be done, the first for each. */
struct helps {
	const struct explanation *x;
	struct explain_help sender, relay;
	bool is_list_in_from;
};

static void
advise(struct helps *h, enum repair_advice advice)
{
	const struct advice *a;

	advice = suited(h->x, advice);
	h->is_list_in_from |= advice == REPAIR_ADVICE_FROM;
	if (advice == REPAIR_ADVICE_REWRITE && h->is_list_in_from)
		return;
	a = &advices[advice];
	if (a->sender && !h->sender.words)
		h->sender = (struct explain_help){a->id, "sender", a->sender};
	if (a->relay && !h->relay.words)
		h->relay = (struct explain_help){
		    a->id, relay_name(h->x, advice), a->relay};
}

static void
advise_each(
    struct helps *h, const struct repair *repairs, size_t n, bool of_from)
{
	for (size_t i = 0; i < n; i++)
		if ((repairs[i].kind->advice == REPAIR_ADVICE_FROM) == of_from)
			advise(h, repairs[i].kind->advice);
}

/* Once a list is in From, it may alter the rest as well, and the policy of the
 * author's domain does not matter any more. */
static void
advise_all(struct helps *h)
{
	const struct explanation *x = h->x;
	const struct header_found *header = &x->header_found;
	size_t n = x->header == EXPLAIN_REPAIRED ? header->nrepairs : 0;

	advise_each(h, header->repairs, n, true);
	if (x->body == EXPLAIN_REPAIRED)
		advise_each(
		    h, x->body_found.repairs, x->body_found.nrepairs, false);
	advise_each(h, header->repairs, n, false);
	if (x->body == EXPLAIN_NOT_FOUND ||
	    explain_header_state(x) == EXPLAIN_NOT_FOUND)
		advise(h, REPAIR_ADVICE_COMPARE);
}

size_t
explain_advise(
    const struct explanation *x, struct explain_help list[EXPLAIN_HELPS])
{
	struct helps h = {.x = x};
	size_t n = 0;

	advise(&h, explain_cause_advice(x));
	advise_all(&h);
	if (h.sender.words)
		list[n++] = h.sender;
	if (h.relay.words)
		list[n++] = h.relay;
	return n;
}
