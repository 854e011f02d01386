/** What tests need that start processes: a line to them, and whether they live. */
@NullMarked
package dev.holdfast.testkit.process;

import org.jspecify.annotations.NullMarked;
