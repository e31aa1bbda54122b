/* body_lines_unlink: what services that check links made of the original. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_lines_internal.h"

#include <string.h>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/utf8.h"

struct service {
	const char *host; /* ".x" is any host in x */
	const char *path;
	const char *name; /* of the parameter, with "=" */
	/* Writes the original that a value has, and returns its length, or 0.
	 * There is room for one octet more than the link has. */
	size_t (*decode)(struct span value, char *to, struct lines_edits *e);
};

static size_t
from_percent(struct span value, char *to, struct lines_edits *e)
{
	size_t n = 0;

	(void)e;
	for (size_t i = 0; i < value.len; i++) {
		int high =
		    i + 2 < value.len ? ascii_hex_value(value.p[i + 1]) : -1;
		int low = high < 0 ? -1 : ascii_hex_value(value.p[i + 2]);

		if (value.p[i] != '%' || low < 0) {
			to[n++] = value.p[i];
			continue;
		}
		to[n++] = (char)(high << 4 | low);
		i += 2;
	}
	return n;
}

/* Proofpoint's second form: "-" is "%", "_" is "/". */
static size_t
from_dashes(struct span value, char *to, struct lines_edits *e)
{
	char *p = lines_text(e, value.len);

	if (!p)
		return 0;
	for (size_t i = 0; i < value.len; i++)
		p[i] = (char)(value.p[i] == '-' ? '%'
			: value.p[i] == '_'     ? '/'
						: value.p[i]);
	return from_percent((struct span){p, value.len}, to, e);
}

/* base64 in the alphabet of URLs, or the usual one, escaped. */
static struct span
from_base64(struct span value, struct lines_edits *e)
{
	char *p = lines_text(e, value.len);
	size_t n;
	struct span octets;

	if (!p || !lines_take(e, value.len))
		return SPAN_NONE;
	n = from_percent(value, p, e);
	for (size_t i = 0; i < n; i++)
		p[i] = (char)(p[i] == '-' ? '+' : p[i] == '_' ? '/' : p[i]);
	if (!base64_decode((struct span){p, n}, e->b->arena, &octets))
		return SPAN_NONE;
	return octets;
}

static size_t
from_sophos(struct span value, char *to, struct lines_edits *e)
{
	struct span octets = from_base64(value, e);

	if (octets.len)
		memcpy(to, octets.p, octets.len);
	return octets.len;
}

/* After the token of Cisco: "/https%3A%2F%2F". */
static size_t
from_cisco(struct span value, char *to, struct lines_edits *e)
{
	return from_percent(
	    span_from(value,
		span_find(value, '/') < value.len ? span_find(value, '/') + 1
						  : value.len),
	    to, e);
}

/* Avanan: "r01/___https://example.org___.YXAz". */
static size_t
from_underscores(struct span value, char *to, struct lines_edits *e)
{
	size_t n = lines_find(value, SPAN("___"));
	struct span rest = span_from(value, n < value.len ? n + 3 : n);

	(void)e;
	n = lines_find(rest, SPAN("___"));
	if (n == rest.len)
		return 0;
	memcpy(to, rest.p, n);
	return n;
}

/*
 * Proofpoint's third form: "__URL__;BASE64!!TOKEN$". The characters that the
 * URL has as "*", or as "**" and their number, are in base64.
 */

/* Returns the number that follows "**", which begins with 2 for "A". */
static size_t
run_of(char c)
{
	static const char numbers[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *at = c ? strchr(numbers, c) : NULL;

	return at ? (size_t)(at - numbers) + 2 : 0;
}

/* Moves a number of characters. Returns how many octets they were. */
static size_t
move_characters(struct span *from, size_t characters, char *to)
{
	size_t n = 0;

	for (; characters && n < from->len; characters--) {
		size_t length = utf8_length(span_from(*from, n));

		n += length ? length : 1;
	}
	if (n)
		memcpy(to, from->p, n);
	*from = span_from(*from, n);
	return n;
}

static size_t
put_starred(struct span url, struct span replaced, char *to)
{
	size_t n = 0;

	for (size_t i = 0; i < url.len; i++) {
		size_t run = 1;

		if (url.p[i] != '*') {
			to[n++] = url.p[i];
			continue;
		}
		if (i + 2 < url.len && url.p[i + 1] == '*') {
			run = run_of(url.p[i + 2]);
			i += 2;
		}
		n += move_characters(&replaced, run, to + n);
	}
	return n;
}

static size_t
from_stars(struct span value, char *to, struct lines_edits *e)
{
	size_t end = lines_find(value, SPAN("__;"));
	struct span url = span_upto(value, end), octets = SPAN_NONE;
	struct span rest, head;
	size_t n, colon = lines_find(url, SPAN(":/"));

	if (end == value.len || colon == url.len)
		return 0;
	rest = span_from(value, end + 3);
	n = span_find(rest, '!');
	if (n)
		octets = from_base64(span_upto(rest, n), e);
	head = span_upto(url, colon + 2);
	memcpy(to, head.p, head.len);
	n = head.len;
	url = span_from(url, n);
	if (!span_starts(url, SPAN("/"))) /* one of the two is left out */
		to[n++] = '/';
	return n + put_starred(url, octets, to + n);
}

static const struct service services[] = {
    {".safelinks.protection.outlook.com", "/", "url=", from_percent},
    {".safelinks.protection.office365.us", "/", "url=", from_percent},
    {"urldefense.com", "/v3/__", NULL, from_stars},
    {"urldefense.us", "/v3/__", NULL, from_stars},
    {"urldefense.proofpoint.com", "/v3/__", NULL, from_stars},
    {"urldefense.proofpoint.com", "/v2/url", "u=", from_dashes},
    {"urldefense.proofpoint.com", "/v1/url", "u=", from_percent},
    {"linkprotect.cudasvc.com", "/url", "a=", from_percent},
    {"secure-web.cisco.com", "/", NULL, from_cisco},
    {".protection.sophos.com", "/", "u=", from_sophos},
    {"url.avanan.click", "/v2/", NULL, from_underscores},
    {"avanan.url-protection.com", "/v1/url", "o=", from_percent},
    {"clicktime.symantec.com", "/", "u=", from_percent},
    {"protect.fireeye.com", "/", "u=", from_percent},
    {"protect2.fireeye.com", "/", "u=", from_percent},
    {".trendmicro.com", "/", "url=", from_percent},
    {"link.zixcentral.com", "/", "u=", from_percent},
    {"link.edgepilot.com", "/", "u=", from_percent},
    {"urlsand.esvalabs.com", "/", "u=", from_percent},
    {"www.google.com", "/url", "q=", from_percent},
    {"www.google.com", "/url", "url=", from_percent},
};

static bool
is_host(struct span host, struct span of)
{
	return of.p[0] == '.' ? span_caseends(host, of) : span_caseeq(host, of);
}

/* Returns the value of a parameter of a query, or absent. In HTML, "&" is
 * "&amp;". */
static struct span
parameter(struct span query, struct span name)
{
	while (query.p) {
		struct span item = span_cut(&query, '&');

		if (span_starts(item, SPAN("amp;")))
			item = span_from(item, 4);
		if (span_starts(item, name))
			return span_upto(span_from(item, name.len),
			    span_find(span_from(item, name.len), '#'));
	}
	return SPAN_NONE;
}

static struct span
find_value(const struct service *s, struct span path)
{
	struct span query = path;

	if (!span_starts(path, span_of(s->path)))
		return SPAN_NONE;
	if (!s->name)
		return span_from(path, strlen(s->path));
	span_cut(&query, '?');
	return parameter(query, span_of(s->name));
}

/* Is it a link, and one that has not become text over more than a line? */
static bool
is_link(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] <= ' ')
			return false;
	return span_casestarts(text, SPAN("http")) ||
	    span_casestarts(text, SPAN("ftp:")) ||
	    span_casestarts(text, SPAN("mailto:")) ||
	    span_casestarts(text, SPAN("www."));
}

/* The third form of Proofpoint ends where it shows. */
static size_t
service_length(const struct service *s, struct span link)
{
	size_t n = link.len;

	if (s->decode == from_stars)
		n = lines_find(link, SPAN("!!")) + 1 +
		    span_find(
			span_from(link, lines_find(link, SPAN("!!"))), '$');
	return n < link.len ? n : link.len;
}

bool
links_original(struct span link, struct lines_edits *e, struct span *original,
    size_t *length)
{
	size_t scheme = lines_find(link, SPAN("://"));
	struct span path = span_from(link, scheme < link.len ? scheme + 3 : 0);
	struct span host = span_upto(path, span_find(path, '/'));

	path = span_from(path, host.len);
	host = span_upto(host, span_find(host, ':')); /* without the port */
	for (size_t i = 0; i < COUNT(services); i++) {
		const struct service *s = &services[i];
		struct span value = SPAN_NONE;
		char *to;

		if (is_host(host, span_of(s->host)))
			value = find_value(s, path);
		if (!value.len || !(to = lines_text(e, link.len + 1)))
			continue;
		original->p = to;
		original->len = s->decode(value, to, e);
		*length = service_length(s, link);
		if (is_link(*original))
			return true;
	}
	return false;
}
