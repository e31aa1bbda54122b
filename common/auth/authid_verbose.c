/* authid_verbose: what was taken from fields, for --verbose. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "base/buf.h"
#include "auth/authid_internal.h"
#include "base/limit.h"

static void
add_line(const struct authid_job *job, struct authids *out, struct span line)
{
	*ARENA_PUSH(job->arena, out->detail, out->ndetail) = line;
}

static const char *const field_words[] = {
    [AUTHID_FIELD_TRUSTED] = "trusted (RFC 8601 5)",
    [AUTHID_FIELD_MALFORMED] = "not read: its ID cannot be read (RFC 8601 2.2)",
    [AUTHID_FIELD_VERSION] = "not read: another version (RFC 8601 2.2)",
    [AUTHID_FIELD_OTHER] = "not trusted",
    [AUTHID_FIELD_BLANK] = "not trusted: a blank before its colon",
    [AUTHID_FIELD_OWN] =
	"not read: this host's own name is not the trusted one",
};

void
authid_verbose_field(const struct authid_job *job, size_t number,
    struct span id, enum authid_field kind, struct authids *out)
{
	struct buf b = BUF(job->arena);

	if (!job->policy.verbose)
		return;
	buf_printf(&b, "Authentication-Results field %zu", number);
	if (id.p) {
		buf_str(&b, ", of ");
		buf_short(&b, id, LIMIT_SHOWN_LIST);
	}
	buf_printf(&b, ": %s", field_words[kind]);
	add_line(job, out, buf_span(&b));
}

void
authid_verbose_no_field(const struct authid_job *job, struct authids *out)
{
	if (job->policy.verbose)
		add_line(job, out, SPAN("no Authentication-Results field"));
}

/* Is the end of a value obvious without quotes? */
static bool
is_clear(struct span value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!ascii_is_vchar(value.p[i]) || value.p[i] == ';' ||
		    value.p[i] == '"')
			return false;
	return value.len > 0;
}

/* Is it a property by which a result is taken? */
static bool
is_shown(const struct authres_property *p)
{
	if (span_eq(p->ptype, SPAN("header")))
		return span_eq(p->name, SPAN("d")) ||
		    span_eq(p->name, SPAN("i"));
	return span_eq(p->ptype, SPAN("smtp")) &&
	    (span_eq(p->name, SPAN("mailfrom")) ||
		span_eq(p->name, SPAN("helo")));
}

/* Adds a value, in quotes unless it is clear. */
static void
add_value(struct buf *b, struct span text)
{
	struct buf value = BUF(b->arena);

	buf_short(&value, text, LIMIT_SHOWN_LIST);
	if (is_clear(text)) {
		buf_add(b, buf_span(&value));
		return;
	}
	buf_char(b, '"');
	buf_qcontent(b, buf_span(&value));
	buf_char(b, '"');
}

static void
add_property(struct buf *b, const struct authres_property *p)
{
	buf_char(b, ' ');
	buf_add(b, p->ptype);
	buf_char(b, '.');
	buf_add(b, p->name);
	buf_char(b, '=');
	add_value(b, p->value);
}

void
authid_verbose_result(const struct authid_job *job,
    const struct authres_entry *e, bool taken, const char *why,
    struct authids *out)
{
	const struct authres_result *r = &e->result;
	struct buf b = BUF(job->arena);

	if (!job->policy.verbose)
		return;
	buf_str(&b, "  ");
	buf_add(&b, r->method);
	if (r->version != 1)
		buf_printf(&b, "/%ju", (uintmax_t)r->version);
	buf_char(&b, '=');
	if (r->result.p)
		buf_short(&b, r->result, LIMIT_SHOWN_PIECE);
	else
		buf_char(&b, '?');
	for (size_t i = 0; i < r->nproperties; i++)
		if (is_shown(&r->properties[i]))
			add_property(&b, &r->properties[i]);
	buf_str(&b, taken ? ": taken" : ": not taken");
	if (why)
		buf_printf(&b, taken ? " %s" : ": %s", why);
	if (e->skipped.p) {
		buf_str(&b, "; skipped: ");
		add_value(&b, e->skipped);
	}
	add_line(job, out, buf_span(&b));
}

void
authid_verbose_rest(
    const struct authid_job *job, struct span rest, struct authids *out)
{
	struct buf b = BUF(job->arena);

	if (!job->policy.verbose)
		return;
	buf_str(&b,
	    "  not read from here on, as a quoted string or comment is not "
	    "closed: ");
	add_value(&b, span_trim(rest));
	add_line(job, out, buf_span(&b));
}
