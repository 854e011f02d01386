/** Statements, parameters and rows over JDBC, and which errors a connection survives. */
@NullMarked
package dev.holdfast.jdbc.sql;

import org.jspecify.annotations.NullMarked;
