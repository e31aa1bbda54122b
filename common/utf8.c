#include "utf8.h"

#include "ascii.h"

static unsigned
octet(struct span s, size_t i)
{
	return (unsigned char)s.p[i];
}

/* The sequence's length and the range of its second octet (RFC 3629 4). */
static size_t
lead(unsigned c, unsigned *low, unsigned *high)
{
	*low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
	*high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c <= 0xdf)
		return 2;
	if (c >= 0xe0 && c <= 0xef)
		return 3;
	return c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

size_t
utf8_length(struct span s)
{
	unsigned low, high;
	size_t n = s.len ? lead(octet(s, 0), &low, &high) : 0;

	if (n > s.len)
		return 0;
	if (n > 1 && (octet(s, 1) < low || octet(s, 1) > high))
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((octet(s, i) & 0xc0) != 0x80)
			return 0;
	return n;
}

bool
utf8_valid(struct span s)
{
	while (s.len) {
		size_t n = utf8_length(s);

		if (!n)
			return false;
		s = span_from(s, n);
	}
	return true;
}

/* May the sequence of n octets at the start of s be shown as it is? */
static bool
shown(struct span s, size_t n)
{
	unsigned c;

	if (n == 1)
		return s.p[0] != '\\' &&
		    (s.p[0] == ' ' || ascii_is_vchar(s.p[0]));
	if (n == 2)
		return octet(s, 0) > 0xc2 || octet(s, 1) >= 0xa0; /* C1 */
	if (n != 3 || octet(s, 0) != 0xe2)
		return n != 0;
	c = octet(s, 1) << 8 | octet(s, 2);
	return !(c >= 0x808e && c <= 0x808f) && !(c >= 0x80a8 && c <= 0x80ae) &&
	    !(c >= 0x81a6 && c <= 0x81a9);
}

size_t
utf8_run(struct span s, bool *plain)
{
	size_t len = 0;

	while (len < s.len) {
		size_t n = utf8_length(span_from(s, len));

		if (!shown(span_from(s, len), n))
			break;
		len += n;
	}
	*plain = len > 0;
	return len ? len : 1;
}

void
utf8_escape(struct span s, FILE *to)
{
	while (s.len) {
		bool plain;
		size_t n = utf8_run(s, &plain);

		if (plain)
			fwrite(s.p, 1, n, to);
		else
			fprintf(to, "\\x%02x", octet(s, 0));
		s = span_from(s, n);
	}
}
