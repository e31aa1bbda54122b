/* key_lint_data: the octets of p=, and what is there instead of a key. */
/* SPDX-License-Identifier: ISC */

#include "lint/key_lint_internal.h"

#include <string.h>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/limit.h"

#define ED25519_OCTETS 32u

/* A text of fewer octets than this was never a key. */
#define KEY_OCTETS_MIN 16u

/*
 * DER (X.690), as far as it takes to tell keys apart.
 */

#define DER_INTEGER  0x02
#define DER_SEQUENCE 0x30

struct der {
	unsigned char tag;
	size_t header, length; /* as the encoding claims */
};

/* Reads the tag and the length at the start of a text. */
static bool
der_read(struct span s, struct der *der)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t octets;

	if (s.len < 2)
		return false;
	*der = (struct der){p[0], 2, p[1]};
	if (p[1] < 128)
		return true;
	octets = p[1] & 0x7f;
	if (octets > 2 || s.len < 2 + octets)
		return false;
	der->header += octets;
	der->length = 0;
	for (size_t i = 0; i < octets; i++)
		der->length = der->length << 8 | p[2 + i];
	return true;
}

/* Returns the content of what is at the start of a text, or as much of it as is
 * there; absent if it has another tag. */
static struct span
der_content(struct span s, unsigned char tag)
{
	struct der der;

	if (!der_read(s, &der) || der.tag != tag)
		return SPAN_NONE;
	s = span_from(s, der.header);
	return der.length < s.len ? span_upto(s, der.length) : s;
}

/* The octets that a sequence at the start of a text takes, which can be more
 * than are there; 0: there is none. */
static size_t
der_length(struct span s)
{
	struct der der;

	if (!der_read(s, &der) || der.tag != DER_SEQUENCE)
		return 0;
	return der.header + der.length;
}

/* Is it the start of a private key: a sequence that begins with a version, and
 * an algorithm (PKCS#8, RFC 5208 5) or a modulus (PKCS#1, RFC 8017 A.1.2)? */
static bool
is_private_der(struct span s)
{
	struct span inside = der_content(s, DER_SEQUENCE);
	struct span version =
	    inside.p ? der_content(inside, DER_INTEGER) : SPAN_NONE;
	struct span next;

	if (version.len != 1 || (unsigned char)version.p[0] > 1)
		return false;
	next = span_between(version.p + 1, inside.p + inside.len);
	return next.len &&
	    (next.p[0] == DER_INTEGER || next.p[0] == DER_SEQUENCE);
}

#define OPENSSH_PRIVATE SPAN("openssh-key-v1")

static bool
is_private(struct span octets, bool is_ed25519)
{
	/* The seed and the public key, as some programs write it. */
	if (is_ed25519 && octets.len == 2 * ED25519_OCTETS)
		return true;
	return is_private_der(octets) || span_starts(octets, OPENSSH_PRIVATE);
}

/* SubjectPublicKeyInfo of Ed25519 (RFC 8410 4), up to the octets of the key. */
static const char ed25519_info[] = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
#define ED25519_INFO ((struct span){ed25519_info, sizeof(ed25519_info)})

/*
 * The octets.
 */

/* Adds a finding, and takes no octets. */
static bool
refuse(struct key_text *t, enum key_finding kind, struct span what)
{
	key_lint_add(t, kind, what);
	return false;
}

/* Returns the start of a text that is base64, as far as it can be decoded. */
static struct span
decodable(struct span text)
{
	size_t n = 0;

	while (n < text.len &&
	    (ascii_is_alnum(text.p[n]) || text.p[n] == '+' || text.p[n] == '/'))
		n++;
	return span_upto(text, n / 4 * 4);
}

static struct span
cut_words(struct key_text *t, size_t have, size_t want)
{
	return arena_printf(t->arena, "%zu octets of %zu%s", have, want,
	    t->text.len == 255 ? ", and 255 octets of text, as many as one "
				 "string of a record can have"
			       : "");
}

/* Takes what was pasted twice once. */
static struct span
once(struct key_text *t, struct span text)
{
	struct span half = span_upto(text, text.len / 2);

	if (text.len % 2 || half.len < KEY_OCTETS_MIN ||
	    !span_eq(half, span_from(text, half.len)))
		return text;
	key_lint_add(t, KEY_FINDING_DOUBLED, SPAN("p="));
	return half;
}

/* The same of octets: after a whole key the start of one follows. */
static struct span
first_key(struct key_text *t, struct span octets)
{
	size_t length = der_length(octets);
	struct span rest;

	if (!length || length >= octets.len)
		return octets;
	rest = span_from(octets, length);
	if (span_starts(octets, rest)) {
		key_lint_add(t, KEY_FINDING_DOUBLED, SPAN("p="));
		return span_upto(octets, length);
	}
	return octets;
}

/* The octets that a key which begins so takes; fewer than there are: it is not
 * known. */
static size_t
wanted(struct span octets, bool is_ed25519)
{
	size_t want = der_length(octets);

	if (want <= octets.len && is_ed25519 && octets.len >= KEY_OCTETS_MIN)
		return ED25519_OCTETS;
	return want;
}

/* Decodes a text that is not base64 as far as it is. False: there is no whole
 * key. */
static bool
decode_start(
    struct key_text *t, struct span text, bool is_ed25519, struct span *octets)
{
	struct span start = decodable(text);
	size_t want, rest = text.len - start.len;

	base64_decode(start, t->arena, octets);
	if (is_private(*octets, false))
		return refuse(t, KEY_FINDING_PRIVATE, SPAN_NONE);
	want = wanted(*octets, is_ed25519);
	if (rest < 4 && want > octets->len)
		return refuse(
		    t, KEY_FINDING_TRUNCATED, cut_words(t, octets->len, want));
	if (rest < 4 && first_key(t, *octets).len < octets->len)
		return true;
	return refuse(t, KEY_FINDING_SYNTAX, SPAN("p= is not base64"));
}

static bool
decode(struct key_text *t, bool is_ed25519, struct span *octets)
{
	struct span text =
	    arena_without(t->arena, t->tags[KEY_TAG_P], ascii_is_space);

	text = once(t, text);
	if (!base64_decode(text, t->arena, octets) &&
	    !decode_start(t, text, is_ed25519, octets))
		return false;
	if (is_private(*octets, is_ed25519))
		return refuse(t, KEY_FINDING_PRIVATE, SPAN_NONE);
	*octets = first_key(t, *octets);
	if (octets->len == ED25519_INFO.len + ED25519_OCTETS &&
	    span_starts(*octets, ED25519_INFO)) {
		*octets = span_from(*octets, ED25519_INFO.len);
		key_lint_add(t, KEY_FINDING_SYNTAX,
		    SPAN("p= of an Ed25519 key has the last 32 octets of its "
			 "public key file alone"));
	}
	return true;
}

/*
 * The key.
 */

static const enum key_finding status_findings[] = {
    [KEY_SYNTAX] = KEY_FINDING_SYNTAX,
    [KEY_TOO_LARGE] = KEY_FINDING_LARGE,
    [KEY_EXPONENT] = KEY_FINDING_EXPONENT,
    [KEY_WEAK] = KEY_FINDING_WEAK,
    [KEY_FORBIDDEN] = KEY_FINDING_FORBIDDEN,
};

/* The octets are not a key of either type. */
static void
explain_octets(struct key_text *t, struct span octets, bool is_ed25519)
{
	size_t want = wanted(octets, is_ed25519);

	if (want > octets.len)
		key_lint_add(
		    t, KEY_FINDING_TRUNCATED, cut_words(t, octets.len, want));
	else
		key_lint_add(t, KEY_FINDING_SYNTAX,
		    arena_printf(t->arena,
			"p= is not a public key (%zu octets)", octets.len));
}

static enum key_status
import(struct key_text *t, enum key_type type, struct span octets)
{
	struct key_public *k;
	enum key_status status = key_public_parse(type, octets, &k);

	if (status == KEY_OK)
		t->out->bits = key_public_bits(k);
	key_public_free(k);
	if (status != KEY_SYNTAX) {
		t->out->type = type;
		t->out->data = octets;
	}
	return status;
}

/* Imports octets as a key of the type that k= names, or of the other one. */
static enum key_status
import_either(struct key_text *t, bool is_ed25519, struct span octets)
{
	enum key_type type = is_ed25519 ? KEY_ED25519 : KEY_RSA;
	enum key_status status = import(t, type, octets);

	if (status != KEY_SYNTAX)
		return status;
	return import(t, is_ed25519 ? KEY_RSA : KEY_ED25519, octets);
}

/* Does k= name the type of the key? RFC 6376 3.6.1: rsa is the default. */
static void
check_type(struct key_text *t)
{
	struct span k = t->tags[KEY_TAG_K];
	enum key_type type = t->out->type;
	const char *name = key_type_name(type);

	if (k.p ? span_eq(k, span_of(name)) : type == KEY_RSA)
		return;
	key_lint_add(t, KEY_FINDING_TYPE,
	    k.p ? arena_printf(t->arena, "k=%.20s, and p= is an %s key",
		      arena_cstr(t->arena, k), name)
		: SPAN("no k=ed25519"));
}

void
key_lint_data(struct key_text *t)
{
	struct span k = t->tags[KEY_TAG_K], octets;
	bool is_ed25519 = k.p && span_casestarts(k, SPAN("ed25519"));
	enum key_status status;

	if (t->is_split || !decode(t, is_ed25519, &octets))
		return;
	status = import_either(t, is_ed25519, octets);
	if (status == KEY_SYNTAX && k.p && !is_ed25519 &&
	    !span_casestarts(k, SPAN("rsa")))
		key_lint_add(t, KEY_FINDING_TYPE,
		    arena_printf(t->arena, "k=%.20s", arena_cstr(t->arena, k)));
	else if (status == KEY_SYNTAX)
		explain_octets(t, octets, is_ed25519);
	else
		check_type(t);
	if (status != KEY_OK && status != KEY_SYNTAX)
		key_lint_add(t, status_findings[status], SPAN_NONE);
}
