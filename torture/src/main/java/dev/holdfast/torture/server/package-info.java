/** The PostgreSQL under a run, that the nemesis strikes like the processes that use it. */
@NullMarked
package dev.holdfast.torture.server;

import org.jspecify.annotations.NullMarked;
