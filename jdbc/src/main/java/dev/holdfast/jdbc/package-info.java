/** The public part of the JDBC store: callers' own transactions. */
@NullMarked
package dev.holdfast.jdbc;

import org.jspecify.annotations.NullMarked;
