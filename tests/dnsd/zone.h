/*
 * zone: the records and directives of dnsd (its manual is in dnsd.c) and the
 * reader of its zone files. Included by answer.h alone.
 */
/* SPDX-License-Identifier: ISC */
#ifndef ZONE_H
#define ZONE_H

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "name.h"

enum {
	TYPE_CNAME = 5,
	TYPE_OPT = 41,
	TYPE_ANY = 255
};
enum {
	RCODE_SERVFAIL = 2,
	RCODE_REFUSED = 5
};

/* The form of rdata: n is a name, w 16 bits, l 32 bits, 4 and 6 are addresses,
 * s is character-strings. */
static const struct type {
	const char *name;
	unsigned number;
	const char *form;
} types[] = {
    {"A", 1, "4"},
    {"NS", 2, "n"},
    {"CNAME", TYPE_CNAME, "n"},
    {"SOA", 6, "nnlllll"},
    {"PTR", 12, "n"},
    {"MX", 15, "wn"},
    {"TXT", 16, "s"},
    {"AAAA", 28, "6"},
    {"SPF", 99, "s"},
    {"ANY", TYPE_ANY, ""},
};
#define TYPES (COUNT(types))

enum act {
	ACT_TIMEOUT,
	ACT_RCODE,
	ACT_NODATA,
	ACT_DELAY,
	ACT_ROUND,
	ACT_LOSS,
	ACT_TRUNCATE,
	ACT_TCPSILENT,
	ACT_TCPCLOSE,
	ACT_GARBAGE,
	ACT_SHORT,
	ACT_WRONGID,
	ACT_WRONGQUESTION,
	ACT_NOQUESTION,
	ACT_LOOPPTR,
	ACT_CASE,
	ACT_AD,
};

static const struct directive {
	const char *word;
	enum act act;
	uint64_t number, max; /* if max is 0, the file has no number */
	bool gaps;            /* `*` means types without a record */
} directives[] = {
    {"TIMEOUT", .act = ACT_TIMEOUT, .gaps = true},
    {"SERVFAIL", .act = ACT_RCODE, .number = RCODE_SERVFAIL, .gaps = true},
    {"REFUSED", .act = ACT_RCODE, .number = RCODE_REFUSED},
    {"RCODE", .act = ACT_RCODE, .max = 4095},
    {"NODATA", .act = ACT_NODATA, .gaps = true},
    {"DELAY", .act = ACT_DELAY, .max = 600000},
    {"ROUND", .act = ACT_ROUND, .max = 600000},
    {"LOSS", .act = ACT_LOSS, .max = UINT32_MAX},
    {"TRUNCATE", .act = ACT_TRUNCATE},
    {"TCPSILENT", .act = ACT_TCPSILENT},
    {"TCPCLOSE", .act = ACT_TCPCLOSE},
    {"GARBAGE", .act = ACT_GARBAGE},
    {"SHORT", .act = ACT_SHORT},
    {"WRONGID", .act = ACT_WRONGID},
    {"WRONGQUESTION", .act = ACT_WRONGQUESTION},
    {"NOQUESTION", .act = ACT_NOQUESTION},
    {"LOOPPTR", .act = ACT_LOOPPTR},
    {"CASE", .act = ACT_CASE},
    {"AD", .act = ACT_AD},
};
#define DIRECTIVES (COUNT(directives))

struct record {
	struct span owner, rdata;
	unsigned type;
	uint32_t ttl;
	const char *form; /* "" for rdata in hexadecimal */
};

struct rule {
	enum act act;
	bool gaps;
	uint64_t number;
	struct span name; /* absent for every name */
	unsigned type;    /* 0 for every type */
};

struct zone {
	struct arena *arena;
	struct record *records;
	struct rule *rules;
	size_t nrecords, nrules;
};

static const struct type *
type_of(unsigned number)
{
	for (size_t i = 0; i < TYPES; i++)
		if (types[i].number == number)
			return &types[i];
	return NULL;
}

static bool
type_parse(struct span text, unsigned *type)
{
	uint64_t n;

	for (size_t i = 0; i < TYPES; i++)
		if (span_caseeq(text, span_of(types[i].name))) {
			*type = types[i].number;
			return true;
		}
	if (!span_casestarts(text, SPAN("TYPE")) ||
	    !span_number(span_from(text, 4), 65535, &n) || !n)
		return false;
	*type = (unsigned)n;
	return true;
}

/* Takes the next token of a line, without quotes but with its escapes. */
static bool
token_next(struct scan *in, struct span *text)
{
	struct scan t = *in;
	const char *from;
	bool quoted;

	while (!scan_end(&t) && ascii_is_wsp(*t.p))
		t.p++;
	if (scan_end(&t) || *t.p == ';')
		return false;
	quoted = scan_char(&t, '"');
	from = t.p;
	while (!scan_end(&t) && (quoted ? *t.p != '"' : *t.p != ';') &&
	    (quoted || !ascii_is_wsp(*t.p)))
		t.p += *t.p == '\\' && t.end - t.p > 1 ? 2 : 1;
	*text = span_between(from, t.p);
	if (quoted && !scan_char(&t, '"'))
		return false;
	*in = t;
	return true;
}

/* Is the rest of the line empty, or a comment? */
static bool
line_done(struct scan in)
{
	while (!scan_end(&in) && ascii_is_wsp(*in.p))
		in.p++;
	return scan_end(&in) || *in.p == ';';
}

static bool
string_parse(struct span text, struct buf *out)
{
	struct scan in = scan_of(text);
	size_t at = out->len;

	buf_char(out, 0);
	while (!scan_end(&in)) {
		int c = octet_next(&in);

		if (c < 0)
			return false;
		buf_char(out, (char)c);
	}
	out->p[at] = (char)(out->len - at - 1);
	return out->len - at <= 256;
}

static bool
number_parse(struct span text, unsigned octets, struct buf *out)
{
	uint64_t n;

	if (!span_number(text, octets == 2 ? UINT16_MAX : UINT32_MAX, &n))
		return false;
	if (octets == 4)
		put16(out, (unsigned)(n >> 16));
	put16(out, n & 0xffff);
	return true;
}

static bool
address_parse(int family, struct span text, struct buf *out)
{
	char *to = buf_room(out, 16);

	out->len += family == AF_INET ? 4 : 16;
	return inet_pton(family, arena_cstr(out->arena, text), to) == 1;
}

static bool
field_parse(char form, struct span text, struct buf *out)
{
	struct span name = {0};
	bool ok;

	switch (form) {
	case 'n':
		ok = name_parse(out->arena, text, &name);
		buf_add(out, name);
		return ok;
	case 'w':
		return number_parse(text, 2, out);
	case 'l':
		return number_parse(text, 4, out);
	case '4':
		return address_parse(AF_INET, text, out);
	case '6':
		return address_parse(AF_INET6, text, out);
	default:
		return string_parse(text, out);
	}
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = memchr(digits, ascii_lower(c), 16);

	return at ? (int)(at - digits) : -1;
}

/* RFC 3597 5, after the \#: the length, then words of hexadecimal. */
static bool
hex_parse(struct scan *in, struct buf *out)
{
	struct span text;
	uint64_t len;

	if (!token_next(in, &text) || !span_number(text, UINT16_MAX, &len))
		return false;
	while (token_next(in, &text)) {
		if (text.len % 2)
			return false;
		for (; text.len; text = span_from(text, 2)) {
			int high = hex_digit(text.p[0]);
			int low = hex_digit(text.p[1]);

			if (high < 0 || low < 0)
				return false;
			buf_char(out, (char)(high << 4 | low));
		}
	}
	return out->len == len;
}

static bool
rdata_parse(struct scan *in, struct record *r, struct buf *out)
{
	const struct type *type = type_of(r->type);
	struct scan then = *in;
	struct span text;

	r->form = "";
	if (token_next(in, &text) && span_eq(text, SPAN("\\#")))
		return hex_parse(in, out);
	*in = then;
	if (!type || !*type->form)
		return false;
	r->form = type->form;
	for (const char *f = r->form; *f; f++) {
		if (!token_next(in, &text) || !field_parse(*f, text, out))
			return false;
		while (*f == 's' && token_next(in, &text))
			if (!string_parse(text, out))
				return false;
	}
	return out->len <= UINT16_MAX;
}

/* Parses a record and adds it. Returns NULL, or words for the error. */
static const char *
record_parse(struct zone *z, struct scan in)
{
	struct span owner, ttl, class, type;
	struct buf rdata = BUF(z->arena);
	struct record r;
	uint64_t n;

	if (!token_next(&in, &owner) || !token_next(&in, &ttl) ||
	    !token_next(&in, &class) || !token_next(&in, &type))
		return "not of the form `owner. TTL IN TYPE rdata`";
	if (!name_parse(z->arena, owner, &r.owner))
		return "the owner is no absolute name";
	if (!span_number(ttl, UINT32_MAX, &n))
		return "the TTL is no number";
	if (!span_caseeq(class, SPAN("IN")) || !type_parse(type, &r.type))
		return "not class IN, or an unknown type";
	if (!rdata_parse(&in, &r, &rdata) || !line_done(in))
		return "malformed rdata";
	r.ttl = (uint32_t)n;
	r.rdata = buf_span(&rdata);
	*ARENA_PUSH(z->arena, z->records, z->nrecords) = r;
	return NULL;
}

static const struct directive *
directive_of(struct span word)
{
	for (size_t i = 0; i < DIRECTIVES; i++)
		if (span_eq(word, span_of(directives[i].word)))
			return &directives[i];
	return NULL;
}

/* The same for a directive, after its `;!`. */
static const char *
rule_parse(struct zone *z, struct scan in)
{
	const struct directive *d = NULL;
	struct span word, name, type;
	struct rule r = {0};

	if (token_next(&in, &word))
		d = directive_of(word);
	if (!d)
		return "an unknown directive";
	r = (struct rule){d->act, d->gaps, d->number, SPAN_NONE, 0};
	if (d->max &&
	    (!token_next(&in, &word) || !span_number(word, d->max, &r.number)))
		return "the directive wants a number, or a smaller one";
	if (!token_next(&in, &name) || !token_next(&in, &type) ||
	    !line_done(in))
		return "the directive wants NAME and TYPE";
	if (!span_eq(name, SPAN("*")) && !name_parse(z->arena, name, &r.name))
		return "the directive's NAME is no absolute name";
	if (!span_eq(type, SPAN("*")) && !type_parse(type, &r.type))
		return "the directive's TYPE is unknown";
	*ARENA_PUSH(z->arena, z->rules, z->nrules) = r;
	return NULL;
}

static const char *
line_parse(struct zone *z, struct span line)
{
	if (span_starts(line, SPAN(";!")))
		return rule_parse(z, scan_of(span_from(line, 2)));
	return line_done(scan_of(line)) ? NULL : record_parse(z, scan_of(line));
}

static struct span
file_read(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "r");
	struct buf b = BUF(a);
	size_t n;

	if (!f)
		die(EX_NOINPUT, "%s: %s", path, strerror(errno));
	while ((n = fread(buf_room(&b, BUFSIZ), 1, BUFSIZ, f)) > 0)
		b.len += n;
	if (ferror(f))
		die(EX_IOERR, "%s: %s", path, strerror(errno));
	fclose(f);
	return buf_span(&b);
}

static void
zone_read(struct zone *z, const char *path)
{
	struct span rest = file_read(z->arena, path);

	for (size_t n = 1; rest.p; n++) {
		struct span line = span_cut(&rest, '\n');
		const char *error;

		if (line.len && line.p[line.len - 1] == '\r')
			line.len--;
		error = line_parse(z, line);
		if (error)
			die(EX_CONFIG, "%s:%zu: %s", path, n, error);
	}
}

#endif
