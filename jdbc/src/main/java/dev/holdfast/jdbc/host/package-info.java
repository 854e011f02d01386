/**
 * Liveness between processes on one host, without a database: {@code NodeFiles} proves by
 * operating-system locks that a node's process is alive or dead.
 */
@NullMarked
package dev.holdfast.jdbc.host;

import org.jspecify.annotations.NullMarked;
