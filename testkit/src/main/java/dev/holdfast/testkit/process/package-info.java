/** What tests need that start processes: a line to them, whether they live, and keys for TLS. */
@NullMarked
package dev.holdfast.testkit.process;

import org.jspecify.annotations.NullMarked;
