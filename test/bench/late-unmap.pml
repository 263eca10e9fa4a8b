/* SPDX-License-Identifier: MIT */
/*
 * A model of the patched protocol, for comparison with the search of the real code: the remover waits until the table's map
 * is empty, then frees the table; holders unmap late buffers. Each access to the table is one statement.
 * With HOLDERS 1 one worker unmaps all buffers, as in the scenario; with HOLDERS BUFFERS each buffer has its own thread.
 */
#ifndef BUFFERS
#define BUFFERS 2
#endif
#ifndef HOLDERS
#define HOLDERS 1
#endif
#define USE assert(!freed)

bool used[BUFFERS] = true;
byte tces = BUFFERS;
byte lock;
bool freed;

active [HOLDERS] proctype holder()
{
	byte i = _pid;

	do
	:: i < BUFFERS ->
		USE; /* the table's index and its operations */
		tces--; /* the hypercall */
		USE; /* the pool of the entry */
		atomic { lock == 0 -> lock = 1 }
		USE;
		used[i] = false;
		USE; /* the pool's hint */
		lock = 0; USE; /* the unlock is in the table */
		USE; /* the flush operation, read from the table */
		i = i + HOLDERS
	:: else -> break
	od
}

active proctype remover()
{
	byte i;

again:
	i = 0;
	do
	:: i < BUFFERS ->
		if
		:: used[i] -> goto again
		:: else -> i++
		fi
	:: else -> break
	od;
	assert(tces == 0);
	freed = true
}
