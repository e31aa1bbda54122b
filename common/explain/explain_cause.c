/* explain_cause: why a signature does not count, and what could be done. */
/* SPDX-License-Identifier: ISC */

#include "explain/explain_internal.h"

/*
 * Why the signature does not count, whatever became of the message.
 */

#define CHECK "so nobody can check the signature"

static const struct cause {
	enum dkim_reason reason;
	enum repair_advice advice;
	const char *words;
} causes[] = {
    {DKIM_KEY_NONE, REPAIR_ADVICE_KEY,
	"{domain} publishes no key named {selector}, " CHECK},
    {DKIM_KEY_REVOKED, REPAIR_ADVICE_KEY,
	"{domain} has withdrawn the key {selector} that made the signature, "
	"so the signature no longer counts"},
    {DKIM_NOT_A_KEY, REPAIR_ADVICE_KEY,
	"what {domain} publishes as the key {selector} is not a key, " CHECK},
    {DKIM_KEY_SYNTAX, REPAIR_ADVICE_KEY,
	"the key {selector} that {domain} publishes is damaged, " CHECK},
    {DKIM_KEY_SEVERAL, REPAIR_ADVICE_KEY,
	"{domain} publishes several keys named {selector} where there must be "
	"one, " CHECK},
    {DKIM_KEY_TYPE, REPAIR_ADVICE_KEY,
	"the key {selector} that {domain} publishes is of another type than "
	"the signature, " CHECK},
    {DKIM_KEY_SMALL, REPAIR_ADVICE_NONE,
	"the key {selector} of {domain} is so short that others can forge its "
	"signatures"},
    {DKIM_SHA1, REPAIR_ADVICE_NONE,
	"{domain} signed by an old method (SHA-1) that others can forge"},
    {DKIM_EXPIRED, REPAIR_ADVICE_NONE,
	"the signature of {domain} expired on {expiry}"},
    {DKIM_FUTURE, REPAIR_ADVICE_NONE,
	"the signature of {domain} is dated {time}, which is in the future "
	"for the clock here"},
    {DKIM_BODY_LENGTH, REPAIR_ADVICE_NONE,
	"the end of the body is missing: {domain} signed {length}, and there "
	"are fewer"},
    {DKIM_BODY_UNSIGNED, REPAIR_ADVICE_WHOLE,
	"{domain} signed only the first {length} of the body, so anyone can "
	"have added what follows"},
    {DKIM_FROM_DUPLICATE, REPAIR_ADVICE_NONE,
	"the message has a From field beside the one that {domain} signed, and "
	"anyone can have added it"},
    {DKIM_FROM_UNSIGNED, REPAIR_ADVICE_NONE,
	"{domain} did not sign the From field, so its signature does not prove "
	"who wrote the message"},
    {DKIM_TOO_MANY, REPAIR_ADVICE_NONE,
	"the signature of {domain} was not checked: there are too many others "
	"above it"},
    {DKIM_DNS_LIMIT, REPAIR_ADVICE_NONE,
	"the key of {domain} was not looked up, since the message needs too "
	"many lookups, " CHECK},
};

/* Does the reason only tell that something was changed? Then that is told
 * instead. */
static bool
is_change(enum dkim_reason reason)
{
	return reason == DKIM_OK || reason == DKIM_BODY_HASH ||
	    reason == DKIM_SIGNATURE;
}

static const struct cause *
cause_of(const struct explanation *x)
{
	for (size_t i = 0; i < COUNT(causes); i++)
		if (causes[i].reason == x->reason)
			return &causes[i];
	return NULL;
}

/* What was found out about the key tells more than the reason. */
static const struct {
	enum context_remark remark;
	const char *words;
} found[] = {
    {CONTEXT_SELECTOR_OTHER,
	"the signature names the key {selector} of {domain}, but was made "
	"with another one, {other}, " CHECK},
    {CONTEXT_SELECTOR_RENAMED,
	"{domain} publishes the key that made the signature as {other}, but "
	"none as {selector}, " CHECK},
    {CONTEXT_KEY_QUOTED,
	"{domain} publishes the key {selector} with quotes or backslashes "
	"that do not belong there, " CHECK},
    {CONTEXT_SIGNATURE_LENGTH,
	"the signature was damaged: it has another length than those made "
	"with the key {selector} of {domain}, " CHECK},
};

/* Returns words, or NULL. */
static const char *
found_cause(const struct explanation *x)
{
	for (size_t i = 0; i < COUNT(found); i++)
		if (context_has(&x->context, found[i].remark))
			return found[i].words;
	return NULL;
}

const char *
explain_cause(const struct explanation *x)
{
	const struct cause *cause = cause_of(x);

	if (found_cause(x))
		return found_cause(x);
	if (x->block == EXPLAIN_BLOCK_OTHER)
		return "the signature was not made with the key that {domain} "
		       "publishes as {selector}, or was damaged on the way";
	if (is_change(x->reason))
		return "";
	if (cause)
		return cause->words;
	if (!x->signature || !x->signature->domain.p)
		return "the signature cannot be read: {reason}";
	if (dkim_reasons[x->reason].code == RESULT_TEMPERROR)
		return "the key of {domain} could not be fetched ({reason}), "
		       "so try again later";
	return "the signature of {domain} does not count: {reason}";
}

/*
 * What could be done.
 */

const struct explain_advice explain_advices[REPAIR_ADVICES] = {
    [REPAIR_ADVICE_RELAXED] = {"relaxed",
	"sender: sign with dkim-sign -c relaxed/relaxed, which tolerates "
	"changes of white space and folding"},
    [REPAIR_ADVICE_LIST] = {"list",
	"sender: sign mail for lists with dkim-sign --profile=list, so that a "
	"list may add fields; list: leave Subject and body as they are"},
    [REPAIR_ADVICE_REWRITE] = {"rewrite",
	"list: put the list into From, and sign with the list's own domain"},
    [REPAIR_ADVICE_AFTER] = {"after",
	"sender: sign after the step that alters the message, such as one that "
	"adds a disclaimer"},
    [REPAIR_ADVICE_LINES] = {"lines",
	"sender: send lines of at most 998 octets, so that none has to be "
	"split"},
    [REPAIR_ADVICE_SEVEN] = {"seven-bit",
	"sender: send quoted-printable or base64, so that no relay has to "
	"convert 8-bit text"},
    [REPAIR_ADVICE_COMPLETE] = {"complete",
	"sender: add Date, Message-ID and MIME-Version before signing, so that "
	"no relay has to"},
    [REPAIR_ADVICE_ARCHIVE] = {"archive",
	"archive: verify messages before they are stored; the stored copy was "
	"altered, and not necessarily the message"},
    [REPAIR_ADVICE_RELAY] = {"relay",
	"relay: pass signed messages on unchanged; tell its operator"},
    [REPAIR_ADVICE_WHOLE] = {"whole",
	"sender: sign the whole body, without l="},
    [REPAIR_ADVICE_KEY] = {"key",
	"sender: publish the key as long as mail that it signed is on its "
	"way; dkim-key -n checks what is published"},
};

static void
advise(enum repair_advice advice, enum repair_advice *list, size_t *n)
{
	for (size_t i = 0; i < *n; i++)
		if (list[i] == advice)
			return;
	if (advice != REPAIR_ADVICE_NONE)
		list[(*n)++] = advice;
}

size_t
explain_advise(
    const struct explanation *x, enum repair_advice list[REPAIR_ADVICES])
{
	const struct cause *cause = cause_of(x);
	size_t n = 0;

	if (cause)
		advise(cause->advice, list, &n);
	if (x->body == EXPLAIN_REPAIRED)
		for (size_t i = 0; i < x->body_found.nrepairs; i++)
			advise(x->body_found.repairs[i].kind->advice, list, &n);
	if (x->header == EXPLAIN_REPAIRED)
		for (size_t i = 0; i < x->header_found.nrepairs; i++)
			advise(
			    x->header_found.repairs[i].kind->advice, list, &n);
	if (n && x->context.software == CONTEXT_LIST)
		advise(REPAIR_ADVICE_REWRITE, list, &n);
	return n;
}
