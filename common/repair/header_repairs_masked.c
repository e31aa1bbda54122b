/* header_repairs_masked: 8-bit characters that became "?" or "X". */
/* SPDX-License-Identifier: ISC */

#include "repair/header_repairs_internal.h"

/* Most characters of a field that are guessed. */
#define SLOTS 2

/* Places of a value where a character may have been. */
struct masked {
	const struct header_text *t;
	size_t at[SLOTS];
	size_t n;
	size_t width;  /* octets of a mask */
	size_t octets; /* of a character: 2 of UTF-8, or 1 of Latin-1 */
};

/* The second octets of letters of U+00C0 to U+00FF in UTF-8, the first of which
 * is C3; in Latin-1 they are 40 more. */
static const char letters[] = "\274\244\266\237\251\250\240\247\241"
			      "\255\263\261\252\264\245\270\246\243";

static bool
is_lower(struct span s, size_t at)
{
	return at < s.len && s.p[at] >= 'a' && s.p[at] <= 'z';
}

/* Finds the places: runs of the mask in a word, which are one or two characters
 * long. Returns how many there are, SLOTS + 1 if they are too many to be
 * guessed. */
static size_t
find_masked(struct masked *m, char mask)
{
	struct span s = m->t->value;
	size_t run;

	m->n = 0;
	for (size_t i = 0; i < s.len; i += run ? run : 1) {
		run = span_run_of(span_from(s, i), mask);
		if (!run || run % m->width || run > SLOTS * m->width ||
		    (!(i && is_lower(s, i - 1)) && !is_lower(s, i + run)))
			continue;
		if (m->n + run / m->width > SLOTS)
			return SLOTS + 1;
		for (size_t k = 0; k < run; k += m->width)
			m->at[m->n++] = i + k;
	}
	return m->n;
}

static struct span
letter(const struct masked *m, unsigned char lead, char second, struct arena *a)
{
	struct buf b = BUF(a);

	if (m->octets == 2)
		buf_char(&b, (char)lead);
	buf_char(&b, m->octets == 2 ? second : (char)(second + 0x40));
	return buf_span(&b);
}

static void
put_one(const struct masked *m)
{
	struct arena *a = m->t->arena;

	for (unsigned lead = 0xc3; lead <= (m->octets == 2 ? 0xc5u : 0xc3u);
	     lead++)
		for (unsigned second = 0x80; second < 0xc0; second++)
			header_text_put(m->t,
			    header_spliced(m->t->value, m->at[0], m->width,
				letter(m, (unsigned char)lead, (char)second, a),
				a));
}

static void
put_two(const struct masked *m)
{
	struct arena *a = m->t->arena;

	for (size_t i = 0; i + 1 < sizeof(letters); i++) {
		/* The second place first: its splice moves no other. */
		struct span text = header_spliced(m->t->value, m->at[1],
		    m->width, letter(m, 0xc3, letters[i], a), a);

		for (size_t k = 0; k + 1 < sizeof(letters); k++)
			header_text_put(m->t,
			    header_spliced(text, m->at[0], m->width,
				letter(m, 0xc3, letters[k], a), a));
	}
}

static void
put_masked(const struct masked *m, size_t n)
{
	if (n == 1)
		put_one(m);
	else if (n == SLOTS)
		put_two(m);
}

/* Some servers, such as Cyrus, put a mask in place of each 8-bit octet, and
 * some software in place of each character. */
HEADER_FIELD(header_masked)
{
	static const char *const names[] = {"Subject", "From", "To", "Cc",
	    "Reply-To", "Sender", "Comments", "Organization", NULL};
	static const char masks[] = {'X', '?'};
	static const struct {
		size_t mask, octets;
	} widths[] = {{2, 2}, {1, 2}, {1, 1}};
	struct header_text t;
	struct masked m = {.t = &t};

	if (!header_text_read(&t, h, index, raw, p, names) ||
	    header_is_coded(t.value))
		return;
	for (size_t i = 0; i < COUNT(masks); i++)
		for (size_t k = 0; k < COUNT(widths); k++) {
			m.width = widths[k].mask;
			m.octets = widths[k].octets;
			put_masked(&m, find_masked(&m, masks[i]));
		}
}
