/* cli_escape: hide from popt what it would change in arguments. */
/* SPDX-License-Identifier: ISC */

#include "tool/cli_escape.h"

#include <assert.h>
#include <stdbool.h>

#include "base/buf.h"

/* The octets that are replaced by MARK, which popt ignores, and a letter. MARK
 * itself is replaced, too, so that the text can be restored. */
#define MARK '\001'

static const struct {
	char octet, letter;
} codes[] = {{MARK, 'm'}, {'!', 'x'}, {'=', 'e'}};
#define CODES (COUNT(codes))

/* Is it an option of one letter, or several of them? */
static bool
is_letters(const char *argument)
{
	return argument[0] == '-' && argument[1] != '-';
}

/* The letter for an octet, or NUL. popt needs the "=" of "--name=value". */
static char
letter_of(char octet, bool letters)
{
	for (size_t i = 0; i < CODES; i++)
		if (codes[i].octet == octet && (octet != '=' || letters))
			return codes[i].letter;
	return '\0';
}

static char
octet_of(char letter)
{
	size_t i;

	for (i = 0; codes[i].letter != letter; i++)
		assert(i + 1 < CODES);
	return codes[i].octet;
}

static const char *
c_string(struct buf *b)
{
	buf_char(b, '\0');
	return b->p;
}

static const char *
escape(const char *argument, struct arena *a)
{
	struct buf b = BUF(a);
	bool letters = is_letters(argument);

	for (; *argument; argument++) {
		char letter = letter_of(*argument, letters);

		buf_char(&b, letter ? MARK : *argument);
		if (letter)
			buf_char(&b, letter);
	}
	return c_string(&b);
}

const char **
cli_escape(int argc, const char *const *argv, struct arena *a)
{
	const char **list = ARENA_ARRAY(a, const char *, (size_t)argc + 1);

	list[0] = argv[0]; /* shown by --help */
	for (int i = 1; i < argc; i++)
		list[i] = escape(argv[i], a);
	return list;
}

const char *
cli_unescape(const char *text, struct arena *a)
{
	struct buf b = BUF(a);

	for (; *text; text++)
		buf_char(&b, *text == MARK ? octet_of(*++text) : *text);
	return c_string(&b);
}
