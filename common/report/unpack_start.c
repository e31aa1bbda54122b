/* unpack_start: what a stream is, by its first octets. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "report/unpack_internal.h"

/* ID1 and ID2 of RFC 1952 2.3.1. APPNOTE.TXT 4.3.7, 4.3.16 (an archive without
 * members), and 8.5.4 and 8.5.5 (one that could have had several volumes). The
 * compound file of Microsoft's MS-CFB 2.2, which a saved message is in. */
static const struct {
	struct span octets;
	enum unpack_start is;
} starts[] = {
    {{"\x1f\x8b", 2}, UNPACK_START_GZIP},
    {{"PK\3\4", 4}, UNPACK_START_ZIP},
    {{"PK\5\6", 4}, UNPACK_START_ZIP},
    {{"PK\7\10", 4}, UNPACK_START_ZIP},
    {{"PK00PK", 6}, UNPACK_START_ZIP},
    {{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8}, UNPACK_START_MSG},
};

/* The marks of UTF-8 and of both UTF-16. */
static const struct span marks[] = {
    {"\xef\xbb\xbf", 3}, {"\xff\xfe", 2}, {"\xfe\xff", 2}};

/* Is it XML? The NULs are those of UTF-16. */
static enum unpack_start
text_start(struct span s, bool all)
{
	bool nuls = false;

	for (size_t i = 0; i < COUNT(marks); i++)
		if (span_starts(s, marks[i])) {
			s = span_from(s, marks[i].len);
			break;
		} else if (!all && span_starts(marks[i], s)) {
			return UNPACK_START_MORE;
		}
	for (; s.len; s = span_from(s, 1)) {
		if (*s.p == '<')
			return UNPACK_START_XML;
		nuls |= !*s.p;
		if (*s.p && !ascii_is_space(*s.p))
			return UNPACK_START_OTHER;
	}
	if (!all)
		return UNPACK_START_MORE;
	return nuls ? UNPACK_START_OTHER : UNPACK_START_XML;
}

enum unpack_start
unpack_start(struct span first, bool all)
{
	bool may_be = false;

	if (!first.len)
		return all ? UNPACK_START_EMPTY : UNPACK_START_MORE;
	if (first.len >= UNPACK_HELD)
		all = true;
	for (size_t i = 0; i < COUNT(starts); i++) {
		if (span_starts(first, starts[i].octets))
			return starts[i].is;
		may_be |= span_starts(starts[i].octets, first);
	}
	return may_be && !all ? UNPACK_START_MORE : text_start(first, all);
}
