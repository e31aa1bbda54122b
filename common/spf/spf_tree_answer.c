/* spf_tree_answer: DNS answers, names and terms as text in a tree. */
/* SPDX-License-Identifier: ISC */

#include <assert.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/domain.h"
#include "base/limit.h"
#include "spf/spf_tree_internal.h"

/* Octets of a text that are shown if it is cut. */
#define WIDTH_CUT 60u

struct span
spf_tree_short(struct span text, struct arena *a)
{
	struct buf b = BUF(a);

	if (text.len <= LIMIT_AUTHRES_VALUE)
		return text;
	buf_short(&b, text, WIDTH_CUT);
	buf_printf(&b, " (%zu octets)", text.len);
	return buf_span(&b);
}

/* Returns a DNS name without escapes, if it can be written so; the caller that
 * prints it escapes it again. */
static struct span
octets_of(struct span name, struct arena *a)
{
	struct span octets;

	return dns_name_octets(name, a, &octets) ? octets : name;
}

static void
write_item(struct buf *b, const struct dns_rr *r)
{
	struct ip ip = {.family = r->type == DNS_A ? AF_INET : AF_INET6};
	char text[IP_TEXT];

	if (r->type != DNS_A && r->type != DNS_AAAA) {
		buf_add(
		    b, r->data.len ? octets_of(r->data, b->arena) : SPAN("."));
		return;
	}
	assert(r->data.len <= sizeof(ip.octet));
	memcpy(ip.octet, r->data.p, r->data.len);
	buf_str(b, ip_text(&ip, text));
}

/* Adds as many records as there is room for, at least one, then " and N
 * more". */
static void
write_items(struct buf *b, const struct dns_answer *answer, size_t room)
{
	size_t n = answer->nrecords;

	for (size_t i = 0; i < n; i++) {
		size_t before = b->len, rest = i + 1 < n ? 12 : 0;

		buf_str(b, i ? ", " : "");
		write_item(b, &answer->records[i]);
		if (i && b->len + rest > room) {
			b->len = before;
			buf_printf(b, " and %zu more", n - i);
			break;
		}
	}
}

/* RFC 7505 3: the domain does not accept mail. */
static bool
is_null_mx(const struct dns_answer *answer)
{
	return answer->type == DNS_MX && answer->nrecords == 1 &&
	    !answer->records->data.len;
}

bool
spf_tree_is_void(const struct dns_answer *answer)
{
	return answer->status == DNS_NODATA || answer->status == DNS_NXDOMAIN;
}

bool
spf_tree_is_expanded(const struct spf_step *s)
{
	struct span written = s->term->domain;

	if (!s->target.p || !written.p)
		return false;
	return !span_caseeq(domain_without_dot(written), s->target);
}

struct span
spf_tree_answer(const struct spf_step *s, const struct dns_answer *answer,
    size_t room, struct arena *a)
{
	struct span name = octets_of(answer->name, a);
	bool target = span_caseeq(name, s->target);
	struct buf b = BUF(a);

	if (target && spf_tree_is_expanded(s))
		buf_str(&b, "-> ");
	if (!target || spf_tree_is_expanded(s)) {
		buf_add(&b, spf_tree_short(name, a));
		buf_char(&b, ' ');
	}
	buf_printf(&b, "%s: ", dns_type_name(answer->type, a));
	if (is_null_mx(answer))
		buf_str(&b, "null MX");
	else if (answer->status == DNS_DATA)
		write_items(&b, answer, room);
	else
		buf_str(&b, dns_status_words(answer->status));
	if (spf_tree_is_void(answer))
		buf_str(&b, " (void)");
	return buf_span(&b);
}
