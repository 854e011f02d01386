/**
 * The forms in which stores take and give jobs, queues and schedules: drafts to write, records to
 * read, and the archive that moves them.
 */
@NullMarked
package dev.holdfast.spi.record;

import org.jspecify.annotations.NullMarked;
