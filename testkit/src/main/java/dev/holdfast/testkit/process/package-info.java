/**
 * Tools for tests that start processes: a pipe to them, a check that they are alive, and keys for
 * TLS.
 */
@NullMarked
package dev.holdfast.testkit.process;

import org.jspecify.annotations.NullMarked;
