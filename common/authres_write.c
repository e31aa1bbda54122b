#include "authres.h"

#include <assert.h>

#include "ascii.h"
#include "buf.h"
#include "domain.h"
#include "fold.h"
#include "limit.h"
#include "scan.h"
#include "utf8.h"

/* What a reason= may have between its quotes, so that its line, with HTAB,
 * name, quotes, semicolon and line end, stays within LIMIT_LINE. */
#define REASON_MAX ((size_t)LIMIT_LINE - 20)
#define TOO_LONG   SPAN("too long to be shown")

/* One result, cut into the words between which a line may be folded. */
struct words {
	struct span method; /* method=result */
	struct span reason; /* reason="...", or absent */
	struct span property[RESULT_PROPERTIES];
	size_t properties;
};

/* Why, the notes, and that something was left out. */
struct notes {
	struct result_note note[1 + RESULT_NOTES + 1];
	size_t n;
};

static bool
is_all(struct span s, bool (*is)(char))
{
	struct scan t = scan_of(s);
	struct span all;

	return scan_class(&t, is, &all) && scan_end(&t);
}

/* May all of it be shown as it is? */
static bool
is_shown(struct span s)
{
	bool plain = true;

	return !s.len || (utf8_run(s, &plain) == s.len && plain);
}

/* qcontent (RFC 5322 3.2.4), of what has no controls any more. */
static struct span
qcontent(struct span s, struct arena *a)
{
	struct buf escaped = BUF(a), b = BUF(a);

	buf_escaped(&escaped, s);
	for (size_t i = 0; i < escaped.len; i++) {
		if (escaped.p[i] == '"' || escaped.p[i] == '\\')
			buf_char(&b, '\\');
		buf_char(&b, escaped.p[i]);
	}
	return buf_span(&b);
}

/* value (RFC 8601 2.2): token / quoted-string. */
static struct span
value_text(struct span value, struct arena *a)
{
	struct buf b = BUF(a);

	if (is_all(value, ascii_is_token))
		return value;
	buf_char(&b, '"');
	buf_add(&b, qcontent(value, a));
	buf_char(&b, '"');
	return buf_span(&b);
}

static bool
is_plain_local(struct span local)
{
	struct scan s = scan_of(local);
	struct span all;

	return scan_dot_atom_text(&s, &all) && scan_end(&s) && is_shown(local);
}

/* [ [local-part] "@" ] domain-name; absent without a valid domain. */
static struct span
identity_text(struct span value, struct arena *a)
{
	size_t at = span_find_last(value, '@');
	struct span local = span_upto(value, at);
	struct buf b = BUF(a);
	struct span domain;

	if (at == value.len)
		return domain_normal(value, a);
	domain = domain_normal(span_from(value, at + 1), a);
	if (!domain.p)
		return SPAN_NONE;
	if (is_plain_local(local) &&
	    local.len + 1 + domain.len <= LIMIT_AUTHRES_VALUE)
		buf_add(&b, local);
	buf_char(&b, '@');
	buf_add(&b, domain);
	return buf_span(&b);
}

/* Says that a property is missing, and why. */
static void
leave_out(struct buf *left_out, const char *name, const char *why)
{
	if (left_out->len)
		buf_str(left_out, ", ");
	buf_str(left_out, name);
	buf_str(left_out, why);
}

static void
add_property(struct words *w, const struct result_property *p,
    struct buf *left_out, struct arena *a)
{
	struct buf b = BUF(a);
	struct span text = p->kind == RESULT_IDENTITY
	    ? identity_text(p->value, a)
	    : value_text(p->value, a);

	if (!text.p) {
		leave_out(left_out, p->name, " has no valid domain");
		return;
	}
	if (text.len > LIMIT_AUTHRES_VALUE) {
		leave_out(left_out, p->name, " is too long");
		return;
	}
	buf_str(&b, p->name);
	buf_char(&b, '=');
	buf_add(&b, text);
	w->property[w->properties++] = buf_span(&b);
}

static struct notes
collect_notes(const struct result *r, struct span left_out)
{
	struct notes all = {.n = 0};

	if (r->why.id)
		all.note[all.n++] = r->why;
	for (size_t i = 0; i < r->notes; i++)
		all.note[all.n++] = r->note[i];
	if (left_out.len)
		all.note[all.n++] =
		    (struct result_note){"property-left-out", left_out};
	return all;
}

/* What is left for words when every identifier has its place, and where words
 * have none, TOO_LONG. */
static size_t
room_for_words(const struct notes *all)
{
	size_t taken = 0;

	for (size_t i = 0; i < all->n; i++)
		taken += span_of(all->note[i].id).len + 4 + TOO_LONG.len;
	assert(taken <= REASON_MAX);
	return REASON_MAX - taken;
}

/* reasonspec (RFC 8601 2.2), before the propspecs. */
static struct span
reason_text(const struct notes *all, struct arena *a)
{
	size_t room = room_for_words(all);
	struct buf b = BUF(a);

	buf_str(&b, "reason=\"");
	for (size_t i = 0; i < all->n; i++) {
		struct span words = qcontent(all->note[i].words, a);

		if (words.len > room)
			words = TOO_LONG;
		else
			room -= words.len;
		buf_str(&b, i ? "; " : "");
		buf_str(&b, all->note[i].id);
		buf_str(&b, words.len ? ": " : "");
		buf_add(&b, words);
	}
	buf_char(&b, '"');
	return buf_span(&b);
}

static struct words
words_of(const struct result *r, struct arena *a)
{
	struct words w = {.reason = SPAN_NONE};
	struct buf left_out = BUF(a);
	struct notes notes;

	w.method = arena_printf(a, "%s=%s", r->method, result_name(r->code));
	for (size_t i = 0; i < r->properties; i++)
		add_property(&w, &r->property[i], &left_out, a);
	notes = collect_notes(r, buf_span(&left_out));
	if (notes.n)
		w.reason = reason_text(&notes, a);
	return w;
}

static void
fold_result(struct fold *f, const struct result *r, struct arena *a)
{
	struct words w = words_of(r, a);

	fold_word(f, w.method);
	if (w.reason.p)
		fold_word(f, w.reason);
	for (size_t i = 0; i < w.properties; i++)
		fold_word(f, w.property[i]);
}

bool
authres_is_id(struct span id, struct arena *a)
{
	return !span_empty(id) && is_shown(id) &&
	    value_text(id, a).len <= LIMIT_AUTHRES_VALUE;
}

/* RFC 8601 2.2; the semicolons stay with what they follow. */
struct span
authres_compose(struct span id, const struct result *list, size_t n,
    const char *eol, struct arena *a)
{
	struct fold f = fold_begin(SPAN("Authentication-Results"), eol, a);

	assert(authres_is_id(id, a));
	fold_word(&f, value_text(id, a));
	for (size_t i = 0; i < n; i++) {
		fold_text(&f, SPAN(";"));
		fold_result(&f, &list[i], a);
	}
	if (!n) { /* no-result */
		fold_text(&f, SPAN(";"));
		fold_word(&f, SPAN("none"));
	}
	return fold_end(&f);
}

struct span
authres_line(const struct result *r, struct arena *a)
{
	struct words w = words_of(r, a);
	struct buf b = BUF(a);

	buf_add(&b, w.method);
	if (w.reason.p) {
		buf_char(&b, ' ');
		buf_add(&b, w.reason);
	}
	for (size_t i = 0; i < w.properties; i++) {
		buf_char(&b, ' ');
		buf_add(&b, w.property[i]);
	}
	return buf_span(&b);
}
