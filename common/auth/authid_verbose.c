#include "base/ascii.h"
#include "base/buf.h"
#include "auth/authid_internal.h"
#include "base/limit.h"

static void
say(const struct authid_job *job, struct authids *out, struct span line)
{
	*ARENA_PUSH(job->arena, out->detail, out->ndetail) = line;
}

static const char *const standing_words[] = {
    [AUTHID_FIELD_TRUSTED] = "trusted (RFC 8601 5)",
    [AUTHID_FIELD_MALFORMED] =
	"not read: it has no ID that can be read (RFC 8601 2.2)",
    [AUTHID_FIELD_VERSION] = "not read: another version (RFC 8601 2.2)",
    [AUTHID_FIELD_OTHER] = "not trusted",
    [AUTHID_FIELD_BLANK] = "not trusted: a blank before its colon",
    [AUTHID_FIELD_OWN] = "not read: another name than our own is trusted",
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
	buf_printf(&b, ": %s", standing_words[kind]);
	say(job, out, buf_span(&b));
}

void
authid_verbose_no_field(const struct authid_job *job, struct authids *out)
{
	if (job->policy.verbose)
		say(job, out, SPAN("no Authentication-Results field"));
}

/* Does the value end where a reader thinks that it does? */
static bool
is_clear(struct span value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!ascii_is_vchar(value.p[i]) || value.p[i] == ';' ||
		    value.p[i] == '"')
			return false;
	return value.len > 0;
}

/* Those that it depends on. */
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

/* In quotes, if it is not clear. */
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
	say(job, out, buf_span(&b));
}

void
authid_verbose_rest(
    const struct authid_job *job, struct span rest, struct authids *out)
{
	struct buf b = BUF(job->arena);

	if (!job->policy.verbose)
		return;
	buf_str(&b,
	    "  not read from here on, as quotes or a comment in it are "
	    "not closed: ");
	add_value(&b, span_trim(rest));
	say(job, out, buf_span(&b));
}
