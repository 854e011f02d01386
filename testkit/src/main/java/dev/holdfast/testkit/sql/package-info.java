/** The contract of the SQL views of every database. */
@NullMarked
package dev.holdfast.testkit.sql;

import org.jspecify.annotations.NullMarked;
