/* mksig: makes a DKIM signature with any tags, for tests of a verifier. */
/* SPDX-License-Identifier: ISC */

/*
 *	mksig KEYFILE TAGS < MESSAGE > SIGNED
 *
 * mksig shares no DKIM code with the toolkit, and checks nothing. TAGS is the
 * whole tag list (RFC 6376 3.5) with an empty b= tag, which receives the
 * signature. The algorithm, the canonicalizations, the names in h=, and l= are
 * those of the first tag of that name. In TAGS
 *	%BH%	is the hash of the body, and %BHW% the same with a fold in it
 *	%Rn{x}	is x, n times, with 1, 2, ... for each "#" in it
 *	\n \t	are a line end of the message, and a tab
 *	\xHH	is that octet
 * The field is written before the message, which is copied unchanged. a= may be
 * rsa-sha1; any value but that and ed25519-sha256 means rsa-sha256.
 */

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* Octets, followed by a NUL. */
struct text {
	char *p;
	size_t len, size;
};

static struct arena *arena;
static const char *eol = "\n";

static void
fail(const char *what)
{
	fprintf(stderr, "mksig: %s\n", what);
	exit(1);
}

static void
add(struct text *t, const char *p, size_t n)
{
	if (t->len + n + 1 > t->size) {
		char *room = arena_alloc(arena, t->size = (t->len + n + 1) * 2);

		if (t->len)
			memcpy(room, t->p, t->len);
		t->p = room;
	}
	memcpy(t->p + t->len, p, n);
	t->len += n;
	t->p[t->len] = '\0';
}

static void
add_str(struct text *t, const char *s)
{
	add(t, s, strlen(s));
}

static struct text
read_all(FILE *f)
{
	struct text t = {NULL, 0, 0};
	char room[4096];
	size_t n;

	add(&t, "", 0);
	while ((n = fread(room, 1, sizeof(room), f)) > 0)
		add(&t, room, n);
	return t;
}

/* Returns the text with CRLF at the end of each line. */
static struct text
with_crlf(const char *p, size_t n)
{
	struct text t = {NULL, 0, 0};

	add(&t, "", 0);
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\n' && (!i || p[i - 1] != '\r'))
			add(&t, "\r", 1);
		add(&t, p + i, 1);
	}
	return t;
}

static bool
is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* RFC 6376 3.4.3, 3.4.4 */
static struct text
canon_body(struct text in, bool relaxed)
{
	struct text t = {NULL, 0, 0};

	add(&t, "", 0);
	for (size_t i = 0; i < in.len; i++) {
		if (!relaxed || !is_wsp(in.p[i])) {
			add(&t, in.p + i, 1);
			continue;
		}
		while (i + 1 < in.len && is_wsp(in.p[i + 1]))
			i++;
		if (i + 1 < in.len && in.p[i + 1] != '\r')
			add(&t, " ", 1);
	}
	if (t.len && (t.len < 2 || memcmp(t.p + t.len - 2, "\r\n", 2) != 0))
		add(&t, "\r\n", 2);
	while (t.len >= 4 && !memcmp(t.p + t.len - 4, "\r\n\r\n", 4))
		t.len -= 2;
	if (t.len == 2 && !memcmp(t.p, "\r\n", 2))
		t.len = 0;
	if (!t.len && !relaxed)
		add(&t, "\r\n", 2);
	return t;
}

/* Appends a field, "name: value", without its last CRLF (RFC 6376 3.4.1,
 * 3.4.2). */
static void
canon_field(struct text *to, const char *p, size_t n, bool relaxed)
{
	size_t colon = (size_t)((const char *)memchr(p, ':', n) - p), end;

	if (!relaxed) {
		add(to, p, n);
		return;
	}
	for (end = colon; end && is_wsp(p[end - 1]); end--)
		;
	for (size_t i = 0; i < end; i++) {
		char c = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] + 32) : p[i];

		add(to, &c, 1);
	}
	add(to, ":", 1);
	end = to->len;
	for (size_t i = colon + 1; i < n; i++) {
		if (p[i] == '\r' || p[i] == '\n')
			continue;
		if (!is_wsp(p[i]))
			add(to, p + i, 1);
		else if (to->len > end && to->p[to->len - 1] != ' ')
			add(to, " ", 1);
	}
	if (to->len > end && to->p[to->len - 1] == ' ')
		to->len--;
}

static struct text
base64(const unsigned char *p, size_t n)
{
	gnutls_datum_t in = {(unsigned char *)(size_t)p, (unsigned)n}, out;
	struct text t = {NULL, 0, 0};

	if (gnutls_base64_encode2(&in, &out) < 0)
		fail("base64");
	add(&t, (char *)out.data, out.size);
	gnutls_free(out.data);
	return t;
}

/* Returns the value of a tag without the blanks around it; p is NULL if the
 * tag is missing. */
static struct text
tag(const char *tags, const char *name)
{
	struct text t = {NULL, 0, 0};

	for (const char *p = tags; *p;) {
		size_t len = strcspn(p, ";"), from = strspn(p, " \t\r\n");
		const char *value = memchr(p, '=', len);

		if (value && !strncmp(p + from, name, strlen(name)) &&
		    strspn(p + from + strlen(name), " \t\r\n") ==
			(size_t)(value - p) - from - strlen(name)) {
			const char *end = p + len;

			for (value++; value < end && strchr(" \t\r\n", *value);)
				value++;
			while (end > value && strchr(" \t\r\n", end[-1]))
				end--;
			add(&t, value, (size_t)(end - value));
			return t;
		}
		p += len + (p[len] == ';');
	}
	return t;
}

/* Expands %Rn{x} and backslashes. */
static struct text
expand(const char *p)
{
	struct text t = {NULL, 0, 0};
	char number[32];

	add(&t, "", 0);
	for (; *p; p++) {
		if (!strncmp(p, "%R", 2)) {
			char *body, *end;
			unsigned long n = strtoul(p + 2, &body, 10);

			end = strchr(body, '}');
			if (*body != '{' || !end)
				fail("%R");
			for (unsigned long i = 1; i <= n; i++)
				for (const char *q = body + 1; q < end; q++) {
					snprintf(
					    number, sizeof(number), "%lu", i);
					if (*q == '#')
						add_str(&t, number);
					else
						add(&t, q, 1);
				}
			p = end;
		} else if (!strncmp(p, "\\n", 2)) {
			add_str(&t, eol);
			p++;
		} else if (!strncmp(p, "\\t", 2)) {
			add(&t, "\t", 1);
			p++;
		} else if (!strncmp(p, "\\x", 2) && p[2] && p[3]) {
			char hex[3] = {p[2], p[3], '\0'};
			char c = (char)strtoul(hex, NULL, 16);

			add(&t, &c, 1);
			p += 3;
		} else {
			add(&t, p, 1);
		}
	}
	return t;
}

static struct text
replace(struct text in, const char *what, const char *with)
{
	struct text t = {NULL, 0, 0};
	char *at;

	add(&t, "", 0);
	while ((at = strstr(in.p, what))) {
		add(&t, in.p, (size_t)(at - in.p));
		add_str(&t, with);
		in.p = at + strlen(what);
	}
	add_str(&t, in.p);
	return t;
}

/* One field of the header, without its last line end. */
struct line {
	const char *p;
	size_t len;
	bool used;
};

static size_t
split(struct text header, struct line **list)
{
	size_t n = 0, from = 0;

	*list = ARENA_ARRAY(arena, struct line, header.len + 1);
	for (size_t i = 0; i + 1 < header.len; i++) {
		if (memcmp(header.p + i, "\r\n", 2) != 0 ||
		    (i + 2 < header.len && is_wsp(header.p[i + 2])))
			continue;
		(*list)[n++] = (struct line){header.p + from, i - from, false};
		from = i + 2;
	}
	return n;
}

static bool
same_name(const struct line *l, const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < l->len; i++)
		if ((l->p[i] | 32) != (name[i] | 32))
			return false;
	while (i < l->len && is_wsp(l->p[i]))
		i++;
	return i < l->len && l->p[i] == ':';
}

/* Appends the fields that h= selects, each name from the bottom up. */
static void
put_fields(struct text *to, const char *names, struct text header, bool relaxed)
{
	struct line *list;
	size_t n = split(header, &list);

	while (*names) {
		size_t len, i = n;

		names += strspn(names, ": \t\r\n");
		len = strcspn(names, ": \t\r\n");
		while (len && i-- > 0)
			if (!list[i].used && same_name(&list[i], names, len)) {
				list[i].used = true;
				canon_field(
				    to, list[i].p, list[i].len, relaxed);
				add(to, "\r\n", 2);
				break;
			}
		names += len;
	}
}

static gnutls_privkey_t
load_key(const char *path)
{
	FILE *f = fopen(path, "r");
	gnutls_privkey_t key;
	struct text pem;
	gnutls_datum_t data;

	if (!f)
		fail("cannot open the key");
	pem = read_all(f);
	fclose(f);
	data = (gnutls_datum_t){(unsigned char *)pem.p, (unsigned)pem.len};
	if (gnutls_privkey_init(&key) < 0 ||
	    gnutls_privkey_import_x509_raw(
		key, &data, GNUTLS_X509_FMT_PEM, NULL, 0) < 0)
		fail("cannot read the key");
	return key;
}

static struct text
sign(gnutls_privkey_t key, bool sha1, struct text data)
{
	unsigned char hash[32];
	gnutls_datum_t value = {hash, sha1 ? 20 : 32}, sig;
	struct text t;
	int rc;

	gnutls_hash_fast(
	    sha1 ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256, data.p, data.len, hash);
	if (gnutls_privkey_get_pk_algorithm(key, NULL) !=
	    GNUTLS_PK_EDDSA_ED25519)
		rc = gnutls_privkey_sign_hash(key,
		    sha1 ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256, 0, &value,
		    &sig);
	else
		rc = gnutls_privkey_sign_data2(
		    key, GNUTLS_SIGN_EDDSA_ED25519, 0, &value, &sig);
	if (rc < 0)
		fail(gnutls_strerror(rc));
	t = base64(sig.data, sig.size);
	gnutls_free(sig.data);
	return t;
}

static bool
is_relaxed(struct text value)
{
	return value.p && !strncmp(value.p, "relaxed", 7);
}

static bool
is_sha1(struct text value)
{
	return value.p && !strcmp(value.p, "rsa-sha1");
}

/* Returns the text with a line end and a tab in it. */
static struct text
folded(struct text in)
{
	struct text t = {NULL, 0, 0};

	add(&t, in.p, 10);
	add_str(&t, eol);
	add(&t, "\t", 1);
	add_str(&t, in.p + 10);
	return t;
}

static struct text
body_hash(struct text body, struct text canon, struct text length, bool sha1)
{
	unsigned char hash[32];
	struct text half = {NULL, 0, 0}, t;
	unsigned long long limit;

	if (canon.p && strchr(canon.p, '/'))
		half.p = strchr(canon.p, '/') + 1;
	t = canon_body(body, is_relaxed(half));
	limit = length.p ? strtoull(length.p, NULL, 10) : t.len;
	if (limit < t.len)
		t.len = limit;
	gnutls_hash_fast(
	    sha1 ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256, t.p, t.len, hash);
	return base64(hash, sha1 ? 20 : 32);
}

/* Returns where the empty b= value is. */
static size_t
find_b(const char *tags)
{
	for (const char *p = tags; *p;) {
		size_t from = strspn(p, " \t\r\n");

		if (p[from] == 'b' && p[from + 1] == '=')
			return (size_t)(p - tags) + from + 2;
		p += strcspn(p, ";");
		p += *p == ';';
	}
	return strlen(tags);
}

/* Returns where the body begins, after the first empty line. */
static size_t
find_body(struct text crlf)
{
	char *at = strstr(crlf.p, "\r\n\r\n");

	return at ? (size_t)(at - crlf.p) + 4 : crlf.len;
}

int
main(int argc, char **argv)
{
	struct text message, crlf, header, body, tags, names;
	struct text bh, b, data = {NULL, 0, 0}, field = {NULL, 0, 0};
	gnutls_privkey_t key;
	bool sha1, relaxed;
	size_t at;

	if (argc != 3)
		fail("usage: mksig KEYFILE TAGS");
	arena = arena_new();
	message = read_all(stdin);
	if (strstr(message.p, "\r\n"))
		eol = "\r\n";
	key = load_key(argv[1]);
	tags = expand(argv[2]);
	crlf = with_crlf(message.p, message.len);
	at = find_body(crlf);
	header = (struct text){crlf.p, at < crlf.len ? at - 2 : at, 0};
	body = (struct text){crlf.p + at, crlf.len - at, 0};
	sha1 = is_sha1(tag(tags.p, "a"));
	relaxed = is_relaxed(tag(tags.p, "c"));
	bh = body_hash(body, tag(tags.p, "c"), tag(tags.p, "l"), sha1);
	tags = replace(tags, "%BH%", bh.p);
	tags = replace(tags, "%BHW%", folded(bh).p);
	names = tag(tags.p, "h");
	put_fields(&data, names.p ? names.p : "", header, relaxed);
	add_str(&field, "DKIM-Signature: ");
	add(&field, tags.p, tags.len);
	body = with_crlf(field.p, field.len);
	canon_field(&data, body.p, body.len, relaxed);
	b = sign(key, sha1, data);
	at = find_b(tags.p);
	printf("DKIM-Signature: %.*s%s%s%s", (int)at, tags.p, b.p, tags.p + at,
	    eol);
	fwrite(message.p, 1, message.len, stdout);
	gnutls_privkey_deinit(key);
	arena_free(arena);
	return fflush(stdout) != 0;
}
