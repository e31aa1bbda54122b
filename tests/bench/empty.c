/* empty: does nothing. The reference for what a process costs. */
/* SPDX-License-Identifier: ISC */

int
main(void)
{
	return 0;
}
