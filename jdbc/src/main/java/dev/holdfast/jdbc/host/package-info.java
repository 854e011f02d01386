/**
 * What processes on one host see of each other without any database: {@code NodeFiles} proves by
 * locks of the operating system that a node's process lives or has died.
 */
@NullMarked
package dev.holdfast.jdbc.host;

import org.jspecify.annotations.NullMarked;
