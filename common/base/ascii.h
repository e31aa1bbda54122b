/*
 * ascii: classes of octets as the RFCs define them, independent of the locale.
 * Each takes a char, signed or not, and accepts octets over 127.
 */
/* SPDX-License-Identifier: ISC */
#ifndef ASCII_H
#define ASCII_H

#include <stdbool.h>
#include <string.h>

static inline bool
ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
ascii_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool
ascii_is_alnum(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c);
}

static inline char
ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline char
ascii_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

/* The value of a hexadecimal digit, in either case, or -1. */
static inline int
ascii_hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* WSP of RFC 5234: SP and HTAB. */
static inline bool
ascii_is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* CR or LF, alone or as a part of CRLF. */
static inline bool
ascii_is_eol(char c)
{
	return c == '\r' || c == '\n';
}

/* WSP, CR or LF: the octets of folding white space. */
static inline bool
ascii_is_space(char c)
{
	return ascii_is_wsp(c) || ascii_is_eol(c);
}

/* VCHAR of RFC 5234: 0x21 to 0x7E. */
static inline bool
ascii_is_vchar(char c)
{
	return c > 0x20 && c < 0x7f;
}

/* Not ASCII: part of a UTF-8 sequence, or of some 8-bit charset. */
static inline bool
ascii_is_8bit(char c)
{
	return (unsigned char)c >= 0x80;
}

/* ftext of RFC 5322 3.6.8: the octets of a field name. */
static inline bool
ascii_is_ftext(char c)
{
	return ascii_is_vchar(c) && c != ':';
}

/* atext of RFC 5322 3.2.3, with the UTF8-non-ascii of RFC 6532. */
static inline bool
ascii_is_atext(char c)
{
	return ascii_is_alnum(c) || ascii_is_8bit(c) ||
	    (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* token of RFC 2045 5.1: no specials, no space, no control. */
static inline bool
ascii_is_token(char c)
{
	return ascii_is_vchar(c) && !strchr("()<>@,;:\\\"/[]?=", c);
}

#endif
