/** What every database of a queue shows to those who read it with SQL. */
@NullMarked
package dev.holdfast.testkit.sql;

import org.jspecify.annotations.NullMarked;
