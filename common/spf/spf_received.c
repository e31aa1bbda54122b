/* spf_received: writes Received-SPF fields. */
/* SPDX-License-Identifier: ISC */

#include "spf/spf.h"

#include <assert.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "mail/fieldtext.h"
#include "mail/fold.h"
#include "base/limit.h"
#include "base/scan.h"

/* Placeholders in comments: "$" and an index. */
#define IDENTITY "$0"
#define CLIENT   "$1"
#define WORDS    "$2"

/* The first three have the common words, from the examples of RFC 7208 9.1. */
static const char *const comments[RESULT_CODES] = {
    [RESULT_PASS] =
	"domain of " IDENTITY " designates " CLIENT " as permitted sender",
    [RESULT_FAIL] = "domain of " IDENTITY " does not designate " CLIENT
		    " as permitted sender",
    [RESULT_SOFTFAIL] = "transitioning domain of " IDENTITY
			" does not designate " CLIENT " as permitted sender",
    [RESULT_NEUTRAL] =
	CLIENT " is neither permitted nor denied by domain of " IDENTITY,
    [RESULT_NONE] = "no result for domain of " IDENTITY ": " WORDS,
    [RESULT_PERMERROR] = "permanent error for domain of " IDENTITY ": " WORDS,
    [RESULT_TEMPERROR] = "temporary error for domain of " IDENTITY ": " WORDS,
};

/* Octets that a reader of the comment can only take for part of a name; "?"
 * could be part of an encoded-word (RFC 2047 2). */
static bool
is_name(char c)
{
	return c == '.' || c == '@' ||
	    (ascii_is_atext(c) && !ascii_is_8bit(c) && c != '?');
}

static bool
is_printable(char c)
{
	return c == ' ' || ascii_is_vchar(c);
}

/* May a name be shown? RFC 7208 9.1: no invalid characters, not excessively
 * long, no malicious data of the sender. */
static bool
is_shown(struct span s)
{
	return s.len <= LIMIT_AUTHRES_VALUE && scan_is_class(s, is_name) &&
	    fieldtext_is_safe(s);
}

static struct span
client_text(const struct envelope *e, struct arena *a)
{
	char text[IP_TEXT];

	return e->has_ip ? arena_span(a, span_of(ip_text(&e->ip, text)))
			 : SPAN_NONE;
}

/* Returns the identity; of a null reverse-path as in RFC 7208 2.4. */
static struct span
identity_text(const struct envelope *e, enum spf_scope scope, struct arena *a)
{
	bool helo = scope == SPF_HELO;
	bool null = !helo && e->sender.p && !e->sender.len;
	struct span name = helo || null ? e->helo : e->sender;

	if (!is_shown(name))
		return helo ? SPAN("the HELO") : SPAN("the sender");
	return null ? arena_printf(a, "postmaster@" SPAN_FMT, SPAN_ARG(name))
		    : name;
}

static struct span
comment_text(const struct spf_verdict *v, const struct envelope *e,
    enum spf_scope scope, struct span receiver, struct arena *a)
{
	const struct result_reason *why = &spf_reasons[v->reason];
	struct span put[] = {
	    identity_text(e, scope, a), client_text(e, a), span_of(why->words)};
	struct span rest = span_of(comments[why->code]);
	struct buf b = BUF(a);

	assert(rest.p);
	if (!put[1].p)
		put[1] = SPAN("the client");
	buf_char(&b, '(');
	if (is_shown(receiver)) {
		buf_add(&b, receiver);
		buf_str(&b, ": ");
	}
	for (;;) {
		buf_add(&b, span_cut(&rest, '$'));
		if (!rest.p)
			break;
		buf_add(&b, put[rest.p[0] - '0']);
		rest = span_from(rest, 1);
	}
	buf_char(&b, ')');
	return buf_span(&b);
}

/* Returns a value as dot-atom or quoted-string; absent: it must be omitted. */
static struct span
value_text(struct span value, struct arena *a)
{
	struct buf b = BUF(a);

	if (!value.p || !fieldtext_is_safe(value) ||
	    (value.len && !scan_is_class(value, is_printable)))
		return SPAN_NONE;
	if (scan_is_dot_atom_text(value) && !span_starts(value, SPAN("?"))) {
		buf_add(&b, value);
	} else {
		buf_char(&b, '"');
		buf_qcontent(&b, value);
		buf_char(&b, '"');
	}
	return b.len <= LIMIT_AUTHRES_VALUE ? buf_span(&b) : SPAN_NONE;
}

/* Adds a key-value-pair and ";", unless the value must be omitted. */
static void
add_pair(struct fold *f, const char *key, struct span value, struct arena *a)
{
	struct span text = value_text(value, a);

	if (!text.p)
		return;
	fold_word(f, span_of(key));
	fold_text(f, SPAN("="));
	fold_text(f, text);
	fold_text(f, SPAN(";"));
}

/* Returns the identifier of the reason and, if it
 * may be shown, what it is about. */
static struct span
problem(const struct spf_verdict *v, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, spf_reasons[v->reason].id);
	if (!v->detail.p)
		return buf_span(&b);
	buf_str(&b, ": ");
	buf_add(&b, v->detail);
	return value_text(buf_span(&b), a).p
	    ? buf_span(&b)
	    : span_of(spf_reasons[v->reason].id);
}

static bool
is_error(enum result_code code)
{
	return code == RESULT_TEMPERROR || code == RESULT_PERMERROR;
}

struct span
spf_received_field(const struct spf_verdict *v, const struct envelope *e,
    enum spf_scope scope, struct span receiver, const char *eol,
    struct arena *a)
{
	enum result_code code = spf_reasons[v->reason].code;
	struct span comment = comment_text(v, e, scope, receiver, a);
	struct fold f = fold_begin(SPAN("Received-SPF"), eol, a);
	bool null = e->sender.p && !e->sender.len;

	/* Folds are only where the ABNF has FWS, or CFWS after a ";". */
	fold_word(&f, span_of(result_name(code)));
	while (comment.p)
		fold_word(&f, span_cut(&comment, ' '));
	if (receiver.len)
		add_pair(&f, "receiver", receiver, a);
	add_pair(&f, "identity",
	    scope == SPF_HELO ? SPAN("helo") : SPAN("mailfrom"), a);
	add_pair(&f, "client-ip", client_text(e, a), a);
	add_pair(&f, "envelope-from", null ? SPAN("<>") : e->sender, a);
	add_pair(&f, "helo", e->helo, a);
	if (is_error(code))
		add_pair(&f, "problem", problem(v, a), a);
	else if (code != RESULT_NONE)
		add_pair(&f, "mechanism",
		    v->mechanism.p ? v->mechanism : SPAN("default"), a);
	return fold_end(&f);
}
