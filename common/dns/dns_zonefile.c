/* dns_zonefile: the text of zone files, and of --set, to records. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_internal.h"

#include <errno.h>
#include <string.h>
#include <sysexits.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/limit.h"

/* Octets of a token that an error message shows. */
#define SHOWN 60u

struct reader {
	const char *p, *end;
	const char *file;      /* of the records' place, or NULL */
	size_t line, begin;    /* the current one, the entry's first */
	struct arena *arena;   /* the zone's */
	struct arena *scratch; /* of one entry */
	struct dns_zone *zone;
	struct span origin, owner;
	bool owned;               /* owner is set */
	uint32_t ttl;             /* of $TTL (RFC 2308 4) */
	struct dns_token *tokens; /* of the entry */
	size_t ntokens;
	size_t records; /* added so far */
	/* The first error. */
	struct span wrong;
	size_t wrong_line;
};

/* Notes the first error, at a token or else on the current line. Always returns
 * false. */
static bool
fail(struct reader *r, const struct dns_token *at, const char *words)
{
	if (r->wrong.p)
		return false;
	r->wrong_line = at ? at->line : r->line;
	r->wrong = span_of(words);
	if (at)
		r->wrong = arena_printf(r->arena, "%s: '%.*s'", words,
		    (int)(at->text.len < SHOWN ? at->text.len : SHOWN),
		    at->text.p);
	return false;
}

/*
 * Tokens (RFC 1035 5.1).
 */

static void
skip_comment(struct reader *r)
{
	r->p += span_find(span_between(r->p, r->end), '\n');
}

static bool
is_delimiter(char c)
{
	return ascii_is_space(c) || c == '(' || c == ')';
}

static bool
ends_word(char c)
{
	return is_delimiter(c) || c == '"' || c == ';';
}

static bool
ends_quote(char c)
{
	return c == '"';
}

/* Takes text up to the octet where it ends; no escaped octet ends it. */
static struct span
take_text(struct reader *r, bool (*ends)(char))
{
	const char *from = r->p;

	while (r->p < r->end && !ends(*r->p)) {
		if (*r->p == '\\' && r->p + 1 < r->end)
			r->p++;
		r->line += *r->p++ == '\n';
	}
	return span_between(from, r->p);
}

static bool
spans_lines(const struct dns_token *t)
{
	return t->quoted && span_find(t->text, '\n') < t->text.len;
}

/* Notes an error that a lost quote may cause further down, and puts it where
 * that quote opened: it made the first string of the entry that spans lines,
 * and after it each quote opens a string where it should close one. */
static bool
fail_quote(struct reader *r, size_t line, const char *words)
{
	r->line = line;
	for (size_t i = 0; i < r->ntokens; i++)
		if (spans_lines(&r->tokens[i])) {
			r->line = r->tokens[i].line;
			words = "unterminated quote";
			break;
		}
	return fail(r, NULL, words);
}

/* Takes a string, from the quote that opens it. A string may span lines; but
 * where text follows its end at once, the quote there opens another string, and
 * this one has lost its own. */
static bool
take_string(struct reader *r, struct dns_token *t)
{
	r->p++;
	t->text = take_text(r, ends_quote);
	if (r->p == r->end)
		return fail_quote(r, t->line, "unterminated quote");
	r->p++;
	return !spans_lines(t) || r->p == r->end || is_delimiter(*r->p) ||
	    *r->p == ';' || fail_quote(r, t->line, "unterminated quote");
}

/* Takes the token that begins here, and adds it to the entry. */
static bool
take_token(struct reader *r)
{
	struct dns_token t = {.line = r->line, .quoted = *r->p == '"'};

	if (!t.quoted)
		t.text = take_text(r, ends_word);
	else if (!take_string(r, &t))
		return false;
	*ARENA_PUSH(r->scratch, r->tokens, r->ntokens) = t;
	return true;
}

/* Takes the tokens of one entry, up to the line end after it. */
static bool
take_tokens(struct reader *r)
{
	size_t depth = 0, opened = 0;

	while (r->p < r->end && (*r->p != '\n' || depth)) {
		if (*r->p == ';') {
			skip_comment(r);
			continue;
		}
		if (!is_delimiter(*r->p)) {
			if (!take_token(r))
				return false;
			continue;
		}
		if (*r->p == '(' && !depth++)
			opened = r->line;
		if (*r->p == ')' && !depth--)
			return fail_quote(r, r->line, "')' without '('");
		r->line += *r->p++ == '\n';
	}
	if (!depth)
		return true;
	r->line = opened;
	return fail(r, NULL, "'(' without ')'");
}

/*
 * Entries.
 */

/* Reads a name: that of an owner, which may be a wildcard, or of $ORIGIN. */
static bool
read_name(
    struct reader *r, const struct dns_token *t, bool owner, struct span *name)
{
	const char *wrong = "a quoted name";

	if (!t->quoted)
		wrong = (owner ? dns_name_owner : dns_name_parse)(
		    t->text, r->origin, r->arena, name);
	return !wrong || fail(r, t, wrong);
}

static bool
read_rdata(struct reader *r, const struct dns_token *t, struct dns_rr *rec)
{
	struct dns_rdata d = {.token = t,
	    .n = r->ntokens - (size_t)(t - r->tokens),
	    .origin = r->origin,
	    .arena = r->arena,
	    .scratch = r->scratch};

	return dns_rdata_read(&d, rec) ||
	    fail(r, d.at ? d.at : &t[-1], d.wrong);
}

/* RFC 1035 3.2.4, RFC 3597 5: the Internet is the only class accepted. */
static bool
is_class(struct span text)
{
	return span_caseeq(text, SPAN("IN")) ||
	    span_caseeq(text, SPAN("CLASS1"));
}

/* Reads [TTL] [class] type rdata, from the i-th token on. TTL and class may be
 * in either order. */
static bool
read_record(struct reader *r, size_t i)
{
	struct dns_rr rec = {
	    .owner = r->owner, .file = r->file, .line = r->file ? r->begin : 0};
	bool ttl = false, class = false;
	uint64_t seconds;

	for (; i < r->ntokens; i++) {
		struct span text = r->tokens[i].text;

		if (!ttl && dns_ttl_parse(text, &seconds))
			ttl = true;
		else if (!class && is_class(text))
			class = true;
		else
			break;
	}
	if (i == r->ntokens)
		return fail(r, &r->tokens[i - 1], "type is missing after");
	if (r->tokens[i].quoted ||
	    !dns_type_parse(r->tokens[i].text, &rec.type))
		return fail(r, &r->tokens[i], "not a type");
	rec.ttl = ttl ? (uint32_t)seconds : r->ttl;
	if (!read_rdata(r, &r->tokens[i + 1], &rec))
		return false;
	dns_zone_add(r->zone, &rec, DNS_DATA);
	r->records++;
	return true;
}

static bool
read_control(struct reader *r)
{
	const struct dns_token *t = r->tokens;
	uint64_t seconds;

	if (span_caseeq(t->text, SPAN("$ORIGIN")) && r->ntokens == 2)
		return read_name(r, &t[1], false, &r->origin);
	if (span_caseeq(t->text, SPAN("$TTL")) && r->ntokens == 2) {
		if (!dns_ttl_parse(t[1].text, &seconds))
			return fail(r, &t[1], "not a TTL");
		r->ttl = (uint32_t)seconds;
		return true;
	}
	return fail(r, t, "an unknown or malformed directive");
}

static const struct {
	const char *name;
	enum dns_status status;
} directives[] = {
    {"NODATA", DNS_NODATA},
    {"NXDOMAIN", DNS_NXDOMAIN},
    {"SERVFAIL", DNS_SERVFAIL},
    {"TIMEOUT", DNS_TIMEOUT},
};
#define DIRECTIVES (COUNT(directives))

/* Does a directive begin here, ";!" and a letter? Takes the ";!". */
static bool
take_directive(struct reader *r)
{
	struct span line = span_between(r->p, r->end);

	while (line.len && ascii_is_wsp(line.p[0]))
		line = span_from(line, 1);
	if (line.len < 3 || !span_starts(line, SPAN(";!")) ||
	    !ascii_is_alpha(line.p[2]))
		return false;
	r->p = line.p + 2;
	return true;
}

/* Reads WORD NAME TYPE, all on this line: to other programs it is a comment. */
static bool
read_directive(struct reader *r)
{
	struct dns_rr rec = {.type = DNS_ANY};
	const char *end = r->end;
	const struct dns_token *t;
	size_t i = 0;

	r->end = r->p + span_find(span_between(r->p, end), '\n');
	if (!take_tokens(r))
		return false;
	r->end = end;
	t = r->tokens;
	while (i < DIRECTIVES &&
	    !span_caseeq(t->text, span_of(directives[i].name)))
		i++;
	if (i == DIRECTIVES || r->ntokens != 3)
		return fail(r, t, "an unknown or malformed directive");
	if (!span_eq(t[2].text, SPAN("*")) &&
	    !dns_type_parse(t[2].text, &rec.type))
		return fail(r, &t[2], "not a type");
	if (!read_name(r, &t[1], true, &rec.owner))
		return false;
	dns_zone_add(r->zone, &rec, directives[i].status);
	return true;
}

static bool
read_entry(struct reader *r)
{
	/* A line that begins with a blank has the last owner. */
	bool blank = ascii_is_wsp(*r->p) || *r->p == '\r';

	arena_reset(r->scratch);
	r->begin = r->line;
	r->tokens = NULL;
	r->ntokens = 0;
	if (take_directive(r))
		return read_directive(r);
	if (!take_tokens(r))
		return false;
	if (!r->ntokens)
		return true;
	if (blank)
		return r->owned ? read_record(r, 0)
				: fail(r, r->tokens, "no owner before this");
	if (!r->tokens->quoted && r->tokens->text.p[0] == '$')
		return read_control(r);
	if (!read_name(r, r->tokens, true, &r->owner))
		return false;
	r->owned = true;
	return read_record(r, 1);
}

static bool
read_all(struct reader *r)
{
	bool good = true;

	r->scratch = arena_new();
	while (good && r->p < r->end) {
		good = read_entry(r);
		if (r->p < r->end) {
			r->p++;
			r->line++;
		}
	}
	arena_free(r->scratch);
	return good;
}

static struct reader
reader_of(struct span text, struct dns_zone *z, struct arena *a)
{
	return (struct reader){.p = text.p,
	    .end = text.p + text.len,
	    .line = 1,
	    .arena = a,
	    .zone = z,
	    .origin = SPAN(""),
	    .ttl = DNS_TTL_UNKNOWN};
}

bool
dns_zonefile_parse(struct span text, const char *file, struct dns_zone *z,
    struct arena *a, struct arena *errors, struct span *error)
{
	struct reader r = reader_of(text, z, a);

	r.file = arena_cstr(a, span_of(file));
	if (read_all(&r))
		return true;
	*error = arena_printf(
	    errors, "%s:%zu: " SPAN_FMT, file, r.wrong_line, SPAN_ARG(r.wrong));
	return false;
}

int
dns_zonefile_read(const char *path, struct dns_zone *z, struct arena *a,
    struct arena *errors, struct span *error)
{
	struct arena *whole = arena_new();
	struct span text = file_read(path, whole);
	int status = 0;

	if (!text.p) {
		status = errno == EFBIG ? EX_CONFIG : EX_NOINPUT;
		*error = arena_printf(errors, "%s: %s", path, strerror(errno));
	} else if (!dns_zonefile_parse(text, path, z, a, errors, error)) {
		status = EX_CONFIG;
	}
	arena_free(whole);
	return status;
}

/* Adds a TXT record of literal text, in strings as long as possible (RFC 1035
 * 3.3). */
static void
add_literal(struct reader *r, struct span owner, struct span text)
{
	size_t n = (text.len + 254) / 255;
	struct span *string = ARENA_ARRAY(r->arena, struct span, n);
	struct dns_rr rec = {.owner = owner, .type = DNS_TXT, .ttl = r->ttl};

	for (size_t i = 0; i < n; i++) {
		size_t len = text.len < 255 ? text.len : 255;

		string[i] = span_upto(text, len);
		text = span_from(text, len);
	}
	dns_rr_strings(&rec, string, n, r->arena);
	dns_zone_add(r->zone, &rec, DNS_DATA);
}

static struct span
skip_wsp(struct span s)
{
	while (s.len && ascii_is_wsp(s.p[0]))
		s = span_from(s, 1);
	return s;
}

/* Takes a word off *s, and the blanks after it. */
static struct dns_token
cut_word(struct span *s)
{
	struct dns_token t = {.text = *s};

	while (s->len && !ascii_is_wsp(s->p[0]))
		*s = span_from(*s, 1);
	t.text = span_between(t.text.p, s->p);
	*s = skip_wsp(*s);
	return t;
}

/* Adds NAME TYPE: the name has no record of that type, whatever the zone or the
 * network has. */
static bool
add_removal(struct reader *r, const struct dns_token *type,
    const struct dns_rr *what, const struct dns_reply *set)
{
	if (what->type == DNS_CNAME)
		return fail(r, type, "a CNAME cannot be removed");
	if (set->nrecords && set->records[0].type == what->type)
		return fail(r, NULL, "both set and removed");
	dns_zone_add(r->zone, what, DNS_NODATA);
	return true;
}

static bool
read_set(struct reader *r)
{
	struct span data = skip_wsp(span_between(r->p, r->end)), owner;
	struct dns_token name = cut_word(&data), type = cut_word(&data);
	enum dns_type number;
	struct dns_reply set;

	if (!type.text.len)
		return fail(r, NULL, "not NAME TYPE DATA");
	if (!read_name(r, &name, true, &owner))
		return false;
	if (owner.len && owner.p[0] == '\\' && owner.p[1] == '*')
		return fail(r, &name, "wildcards are for zone files only");
	if (!dns_type_parse(type.text, &number) || !dns_rdata_known(number))
		return fail(r, &type, "not a type that can be set");
	dns_zone_lookup(r->zone, owner, number, r->arena, &set);
	if (!data.len)
		return add_removal(r, &type,
		    &(struct dns_rr){.owner = owner, .type = number}, &set);
	if (set.is_stated)
		return fail(r, NULL, "both set and removed");
	if (span_caseeq(type.text, SPAN("TXT")) && data.p[0] != '"') {
		add_literal(r, owner, data);
		return true;
	}
	r->p = name.text.p;
	if (!read_all(r))
		return false;
	return r->records == 1 || fail(r, NULL, "not exactly one record");
}

bool
dns_zonefile_set(struct span text, struct dns_zone *z, struct arena *a,
    struct arena *errors, struct span *error)
{
	struct reader r = reader_of(text, z, a);

	if (read_set(&r))
		return true;
	*error = arena_printf(errors, "--set: " SPAN_FMT " in '" SPAN_FMT "'",
	    SPAN_ARG(r.wrong), SPAN_ARG(text));
	return false;
}
