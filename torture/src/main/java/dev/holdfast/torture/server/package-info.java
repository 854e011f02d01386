/** The PostgreSQL servers of a run, which the nemesis also strikes. */
@NullMarked
package dev.holdfast.torture.server;

import org.jspecify.annotations.NullMarked;
