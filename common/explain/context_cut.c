/* context_cut: signs that the end of a body is missing. */
/* SPDX-License-Identifier: ISC */

#include "explain/context_internal.h"

#include <inttypes.h>

#include "base/sink.h"
#include "mail/mime.h"

struct walk {
	struct mime_visitor visitor;
	struct sink *nowhere;
	const char *sign; /* NULL: none yet */
};

static struct sink *
begin(struct mime_visitor *self, const struct mime_part *part)
{
	struct walk *w = (struct walk *)self;

	return part->encoding == MIME_BASE64 ? w->nowhere : NULL;
}

/* The last part ends first, and tells most. */
static void
end(struct mime_visitor *self, const struct mime_part *part)
{
	struct walk *w = (struct walk *)self;

	if (part->damage == MIME_CUT)
		w->sign = "in the middle of base64";
	else if (part->unclosed && !w->sign)
		w->sign = "without the last delimiter of its multipart";
	else if (!part->unclosed)
		w->sign = NULL;
}

static const char *
sign_of_mime(struct context_search *c, struct span body)
{
	struct sink nowhere = sink_to_nowhere();
	struct walk w = {{begin, end}, &nowhere, NULL};
	struct mime *walker = mime_new();
	struct sink *in = mime_begin_message(walker, &w.visitor, c->m);

	sink_put(in, body);
	sink_end(in);
	mime_free(walker);
	return w.sign;
}

/* Some mail stores write the octets of the body into a field. */
static bool
is_shorter(const struct message *m, struct span body)
{
	const struct field *f = message_lowest(m, SPAN("Content-Length"));
	uint64_t length;

	return f && span_number(span_trim(f->body), UINT64_MAX, &length) &&
	    length > body.len;
}

/* What is missing cannot be found out, but that it is. */
void
context_cut_find(struct context_search *c)
{
	struct span body = c->q->altered;
	const char *sign;

	if (!body.len)
		return;
	if (is_shorter(c->m, body))
		sign = "before Content-Length tells";
	else
		sign = sign_of_mime(c, body);
	if (!sign && body.p[body.len - 1] != '\n')
		sign = "in the middle of a line";
	if (sign)
		context_note(c, CONTEXT_CUT,
		    arena_printf(
			c->arena, "after %zu octets, %s", body.len, sign));
}
