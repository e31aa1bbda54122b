/* show_list: --by and --compare: one list. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

void
show_list(struct job *job)
{
	(void)job;
}
void
show_plot(struct job *job)
{
	(void)job;
}
