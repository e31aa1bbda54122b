/* explain_advice: what sender and relay could do. */
/* SPDX-License-Identifier: ISC */

#include "explain/explain_internal.h"

#define SHOW_THEM \
	"show these lines to the operators of the mail servers on the way"

/* By enum repair_advice. */
static const struct advice {
	const char *id;
	const char *sender; /* or NULL */
	const char *relay;  /* or NULL */
} advices[REPAIR_ADVICE_COUNT] = {
    [REPAIR_ADVICE_RELAXED] = {"relaxed",
	"sign with dkim-sign -c relaxed/relaxed, which tolerates such "
	"changes",
	"leave white space and the names of fields as they are"},
    [REPAIR_ADVICE_LIST] = {"list",
	"sign with dkim-sign --profile=list, so that Reply-To, Sender and the "
	"like may be added",
	"leave the fields that authors write as they are"},
    [REPAIR_ADVICE_TRACE] = {"trace",
	"do not sign fields that mail servers add on the way, such as "
	"Received; dkim-sign never does",
	NULL},
    [REPAIR_ADVICE_FIELDS] = {"fields", SHOW_THEM,
	"leave the fields that authors write as they are"},
    [REPAIR_ADVICE_REWRITE] = {"rewrite",
	"let people write to lists from a domain whose DMARC policy is not "
	"p=reject",
	"leave Subject and text as they are, or put the list into From and "
	"sign with its domain"},
    [REPAIR_ADVICE_AFTER] = {"after",
	"if your own systems did this, let them sign after that step",
	"verify messages before they are altered, and pass the result on in "
	"Authentication-Results"},
    [REPAIR_ADVICE_LINKS] = {"links",
	"if this is the click tracking of your own mailing service, let it "
	"sign after that step",
	"verify messages before links are replaced, and pass the result on in "
	"Authentication-Results"},
    [REPAIR_ADVICE_LINES] = {"lines",
	"send lines of at most 998 octets, so that none has to be broken",
	NULL},
    [REPAIR_ADVICE_SEVEN] = {"seven-bit",
	"send the text as quoted-printable or base64, so that nothing on the "
	"way has to convert it or break its lines",
	"pass text on unchanged, 8-bit characters included (8BITMIME)"},
    [REPAIR_ADVICE_WORDS] = {"words",
	"encode the special characters in fields (RFC 2047) before signing, so "
	"that nothing on the way has to convert them",
	"pass fields on unchanged, 8-bit characters included (SMTPUTF8)"},
    [REPAIR_ADVICE_COMPLETE] = {"complete",
	"sign complete messages, with Date, Message-ID, Subject and the fields "
	"of MIME, so that nothing has to be added",
	"add what is missing only to mail of your own users"},
    [REPAIR_ADVICE_ARCHIVE] = {"archive", NULL,
	"verify messages before they are stored, as formats of mailboxes "
	"can change them"},
    [REPAIR_ADVICE_RELAY] = {"relay", SHOW_THEM,
	"pass signed messages on unchanged"},
    [REPAIR_ADVICE_WHOLE] = {"whole",
	"sign the whole body, without l= (dkim-sign never writes it)", NULL},
    [REPAIR_ADVICE_KEY] = {"key",
	"publish a key for as long as mail that it signed is on its way; "
	"dkim-key check tests it",
	NULL},
    [REPAIR_ADVICE_RECORD] = {"record",
	"publish the key anew, as dkim-key record prints it; dkim-key check "
	"tests it",
	NULL},
    [REPAIR_ADVICE_STRONG] = {"strong",
	"make a new RSA key of 2048 bits (dkim-key new), publish it and sign "
	"with it",
	NULL},
    [REPAIR_ADVICE_METHOD] = {"method",
	"sign by rsa-sha256, as dkim-sign does with RSA keys", NULL},
    [REPAIR_ADVICE_AUTHOR] = {"author",
	"sign the From field, as dkim-sign always does", NULL},
    [REPAIR_ADVICE_ONCE] = {"once",
	"send each of these fields once, and oversign it, as dkim-sign does, "
	"so that adding another breaks the signature",
	"refuse messages that have a field twice which may be there once (RFC "
	"5322, section 3.6)"},
    [REPAIR_ADVICE_FROM] = {"from",
	"nothing has to be changed: this copy is sent in the name of the "
	"address that is in From now",
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

/* Returns the kind of software that the advice is for. A stored copy does not
 * show that it was altered when it was stored, but for what mailboxes need. */
static enum context_software
addressee(const struct explanation *x, enum repair_advice advice)
{
	enum context_software s = x->context.software;

	if (advice == REPAIR_ADVICE_ARCHIVE)
		return CONTEXT_ARCHIVE;
	return s == CONTEXT_UNKNOWN || s == CONTEXT_ARCHIVE ? CONTEXT_RELAY : s;
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
};

static void
advise(struct helps *h, enum repair_advice advice)
{
	enum context_software to;
	const struct advice *a;

	advice = suited(h->x, advice);
	a = &advices[advice];
	if (a->sender && !h->sender.words)
		h->sender = (struct explain_help){
		    a->id, "sender", "the sender", a->sender};
	to = addressee(h->x, advice);
	if (a->relay && !h->relay.words)
		h->relay = (struct explain_help){
		    a->id, context_name(to), context_shown(to), a->relay};
}

/* What alters the meaning of a message breaks the signature, whatever is done
 * about the rest. */
static bool
is_of_content(enum repair_advice advice)
{
	return advice == REPAIR_ADVICE_REWRITE ||
	    advice == REPAIR_ADVICE_AFTER || advice == REPAIR_ADVICE_LINKS;
}

static void
advise_each(
    struct helps *h, const struct repair *repairs, size_t n, bool of_content)
{
	for (size_t i = 0; i < n; i++)
		if (is_of_content(repairs[i].kind->advice) == of_content)
			advise(h, repair_advice_of(&repairs[i]));
}

/* Is a list, or whoever resends the message, in From in place of the author? */
static bool
is_resent(const struct repair *repairs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (repairs[i].kind->advice == REPAIR_ADVICE_FROM)
			return true;
	return false;
}

/* What a signature leaves out, others can add. */
static void
advise_unsigned(struct helps *h)
{
	const struct explanation *x = h->x;

	if (!explain_is_known(explain_header_state(x)))
		return;
	if (x->repeated.len)
		advise(h, REPAIR_ADVICE_ONCE);
	if (x->signature && x->signature->has_length)
		advise(h, REPAIR_ADVICE_WHOLE);
}

/* Once a list is in From, it may alter the rest as well, and the policy of the
 * author's domain does not matter any more. */
static void
advise_all(struct helps *h)
{
	const struct explanation *x = h->x;
	const struct body_found *body = &x->body_found;
	const struct header_found *header = &x->header_found;
	size_t in_body = x->body == EXPLAIN_REPAIRED ? body->nrepairs : 0;
	size_t in_header = x->header == EXPLAIN_REPAIRED ? header->nrepairs : 0;

	if (is_resent(header->repairs, in_header))
		advise(h, REPAIR_ADVICE_FROM);
	for (int of_content = 1; of_content >= 0; of_content--) {
		advise_each(h, body->repairs, in_body, of_content);
		advise_each(h, header->repairs, in_header, of_content);
	}
	advise_unsigned(h);
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
