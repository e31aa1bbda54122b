/* parts: a visitor that writes what a walk over parts tells. */
/* SPDX-License-Identifier: ISC */
#ifndef PARTS_H
#define PARTS_H

#include <inttypes.h>

#include "base/limit.h"
#include "mail/mime.h"

/* Lines of text: one where a part begins, and one where it ends, which for a
 * leaf has its octets. */
struct parts {
	struct mime_visitor visitor;
	struct arena *arena;
	struct buf log;
	struct sink_buf octets[LIMIT_MAIL_DEPTH + 1];
};

static inline struct sink *
parts_begin(struct mime_visitor *self, const struct mime_part *part)
{
	static const char *const kinds[] = {"leaf", "multipart", "message"};
	static const char *const encodings[] = {
	    "", " base64", " quoted-printable", " unknown"};
	struct parts *p = (struct parts *)self;

	buf_printf(&p->log, "%u %u/%u ", part->number,
	    part->parent ? part->parent->number : 0, part->index);
	if (part->encoded_in)
		buf_printf(&p->log, "in %u ", part->encoded_in);
	buf_printf(
	    &p->log, "%s%s ", kinds[part->kind], encodings[part->encoding]);
	buf_escaped(&p->log, part->type);
	buf_printf(
	    &p->log, " %" PRIu64 " %" PRIu64, part->header_at, part->body_at);
	for (size_t i = 0; i < part->nparameters; i++) {
		buf_char(&p->log, ' ');
		buf_escaped(&p->log, part->parameters[i].name);
		buf_char(&p->log, '=');
		if (part->parameters[i].charset.p) {
			buf_char(&p->log, '(');
			buf_escaped(&p->log, part->parameters[i].charset);
			buf_char(&p->log, ')');
		}
		buf_escaped(&p->log, part->parameters[i].value);
	}
	if (part->disposition.p) {
		buf_str(&p->log, " ; ");
		buf_escaped(&p->log, part->disposition);
	}
	if (part->name.p) {
		buf_str(&p->log, " name ");
		buf_escaped(&p->log, part->name);
	}
	buf_str(&p->log, part->header_cut ? " header-cut" : "");
	buf_str(&p->log, part->too_deep ? " too-deep\n" : "\n");
	p->octets[part->depth] = sink_to_buf(p->arena);
	return &p->octets[part->depth].sink;
}

static inline void
parts_end(struct mime_visitor *self, const struct mime_part *part)
{
	static const char *const damages[] = {"", " stray", " cut", " after"};
	struct parts *p = (struct parts *)self;

	buf_printf(&p->log, "%u end %" PRIu64, part->number, part->end_at);
	buf_str(&p->log, damages[part->damage]);
	if (part->damage)
		buf_printf(&p->log, " %" PRIu64, part->damage_at);
	if (part->unclosed)
		buf_str(&p->log, " unclosed");
	if (part->kind == MIME_LEAF) {
		buf_str(&p->log, " [");
		buf_escaped(&p->log, buf_span(&p->octets[part->depth].buf));
		buf_char(&p->log, ']');
	} else {
		buf_printf(&p->log, " children %u", part->children);
	}
	buf_char(&p->log, '\n');
}

static inline struct parts
parts_to(struct arena *a)
{
	return (struct parts){
	    .visitor = {parts_begin, parts_end}, .arena = a, .log = BUF(a)};
}

/* Walks a text in pieces of the sizes that next() returns, 0 meaning all of the
 * rest, and returns the lines. */
static inline struct span
parts_of(struct mime *w, struct span text, size_t first, size_t others,
    struct arena *a)
{
	struct parts p = parts_to(a);
	struct sink *to = mime_begin(w, &p.visitor);
	size_t n = first;

	while (text.len) {
		n = n && n < text.len ? n : text.len;
		sink_put(to, span_upto(text, n));
		text = span_from(text, n);
		n = others;
	}
	sink_end(to);
	return buf_span(&p.log);
}

#endif
