/** The numbers of jobs that queues, types and groups can still start. */
@NullMarked
package dev.holdfast.jdbc.limits;

import org.jspecify.annotations.NullMarked;
