/**
 * Proves the promise with real processes and real signals. Producers and workers write down what
 * they do, a nemesis kills and stops them, and when all is over a checker compares what they wrote
 * with what the store says. Time that moves only in a test is the test kit's part.
 */
@NullMarked
package dev.holdfast.torture;

import org.jspecify.annotations.NullMarked;
