/** What callers of a JDBC store see: their own transactions. */
@NullMarked
package dev.holdfast.jdbc;

import org.jspecify.annotations.NullMarked;
