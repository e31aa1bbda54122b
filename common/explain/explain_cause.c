/* explain_cause: why a signature does not count. */
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
	"{domain} has withdrawn the key {selector}, so its signatures no "
	"longer count"},
    {DKIM_NOT_A_KEY, REPAIR_ADVICE_RECORD,
	"what {domain} publishes as the key {selector} is not a key, " CHECK},
    {DKIM_KEY_SYNTAX, REPAIR_ADVICE_RECORD,
	"the key {selector} that {domain} publishes is damaged, " CHECK},
    {DKIM_KEY_SEVERAL, REPAIR_ADVICE_RECORD,
	"{domain} publishes several keys named {selector} where there must be "
	"one, " CHECK},
    {DKIM_KEY_TYPE, REPAIR_ADVICE_PAIR,
	"the key {selector} that {domain} publishes is of another type than "
	"the signature, " CHECK},
    {DKIM_KEY_SMALL, REPAIR_ADVICE_STRONG,
	"the key {selector} of {domain} is so short that others may be able to "
	"forge its signatures"},
    {DKIM_SHA1, REPAIR_ADVICE_METHOD,
	"{domain} signed by an old method (SHA-1) that others may be able to "
	"forge"},
    {DKIM_EXPIRED, REPAIR_ADVICE_TIME,
	"the signature of {domain} expired on {expiry}"},
    {DKIM_FUTURE, REPAIR_ADVICE_CLOCK,
	"the signature of {domain} is dated {time}, which is in the future "
	"for the clock here"},
    {DKIM_BODY_LENGTH, REPAIR_ADVICE_RELAY,
	"the end of the body is missing: {domain} signed {length}, and there "
	"are fewer"},
    {DKIM_BODY_UNSIGNED, REPAIR_ADVICE_WHOLE,
	"{domain} signed only the first {length} of the body, so anyone can "
	"have added what follows"},
    {DKIM_FROM_DUPLICATE, REPAIR_ADVICE_ONCE,
	"the message has a From field beside the one that {domain} signed, and "
	"anyone can have added it"},
    {DKIM_FROM_UNSIGNED, REPAIR_ADVICE_AUTHOR,
	"{domain} did not sign the From field, so its signature does not prove "
	"who wrote the message"},
    {DKIM_TOO_MANY, REPAIR_ADVICE_NONE,
	"the signature was not checked: there are too many others above it"},
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

enum repair_advice
explain_cause_advice(const struct explanation *x)
{
	const struct cause *cause = cause_of(x);

	if (x->block == EXPLAIN_BLOCK_OTHER)
		return REPAIR_ADVICE_PAIR;
	return cause ? cause->advice : REPAIR_ADVICE_NONE;
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
	"the signature has another length than those made with the key "
	"{selector} of {domain}: another key made it, or it was damaged on "
	"the way"},
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
	const char *words = found_cause(x);

	if (words)
		return words;
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
